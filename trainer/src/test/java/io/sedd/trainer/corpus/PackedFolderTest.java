package io.sedd.trainer.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.text.BytePairVocabulary;
import io.sedd.diffusion.text.ByteSymbols;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedFolderTest {

  private static final List<String> DOCUMENTS =
      List.of("The cat sat.", "", "A dog stood on the log, wondering.", "ö");

  @TempDir Path parent;

  private Path target() {
    return parent.resolve("packed");
  }

  private PackedFolder pack(Vocabulary vocabulary, long shardTokens) throws IOException {
    return PackedFolder.pack(DOCUMENTS.stream(), vocabulary, target(), shardTokens);
  }

  /** Bytes, an end of text, and so many tokens that need more than 16 bits. */
  private static Vocabulary large() {
    List<String> symbols =
        new ArrayList<>(ByteSymbols.alphabet().chars().mapToObj(Character::toString).toList());
    String a = symbols.getFirst();
    while (symbols.size() < 70_000) {
      symbols.add(a.repeat(2) + Integer.toString(symbols.size()));
    }
    symbols.add("<|endoftext|>");
    return Vocabulary.of(
        new BytePairVocabulary(symbols, List.of(), OptionalInt.of(symbols.size() - 1)));
  }

  @Test
  void aPackedCorpusReadAsATextGivesTheDocumentsBack() throws IOException {
    for (Vocabulary vocabulary : List.of(Vocabulary.bytes(), Vocabulary.gpt2())) {
      Path folder = parent.resolve(vocabulary.name());
      // a shard ends inside a document, and one document is longer than what is read at once
      List<String> documents = new ArrayList<>(DOCUMENTS);
      documents.add("long ".repeat(20_000));
      PackedFolder.pack(documents.stream(), vocabulary, folder, 7_000).close();
      Corpus corpus = Corpus.of(List.of(folder));
      for (int reading = 0; reading < 2; reading++) {
        try (Stream<String> texts = corpus.documents()) {
          assertEquals(documents, texts.toList());
        }
      }
    }
  }

  @Test
  void rowsFromShardsAreThoseFromMemoryWhereverShardsEnd() throws IOException {
    for (Vocabulary vocabulary : List.of(Vocabulary.bytes(), Vocabulary.gpt2(), large())) {
      for (int shardTokens : new int[] {1, 5, 7, 1000}) {
        PackedCorpus memory = PackedCorpus.pack(DOCUMENTS.stream(), vocabulary.tokenizer(), 4);
        Path folder = parent.resolve(vocabulary.name() + vocabulary.size() + "-" + shardTokens);
        try (PackedFolder packed =
            PackedFolder.pack(DOCUMENTS.stream(), vocabulary, folder, shardTokens)) {
          PackedCorpus shards = packed.rows(4);
          assertEquals(memory.tokens(), shards.tokens());
          assertEquals(memory.sha256(), shards.sha256());
          assertEquals(4, shards.documents());
          for (int row = 0; row < memory.rows(); row++) {
            assertArrayEquals(memory.row(row), shards.row(row));
            int[] expected = new int[4];
            int[] actual = new int[4];
            memory.copyRow(row, 3, expected, 0);
            shards.copyRow(row, 3, actual, 0);
            assertArrayEquals(expected, actual);
          }
          packed.verify();
          assertEquals(vocabulary.size() > 65_536 ? 4 : 2, packed.bytesPerToken());
          assertEquals(Math.ceilDiv(memory.tokens(), (long) shardTokens), packed.shards());
        }
      }
    }
  }

  @Test
  void aShardIsRawLittleEndianTokensWithNothingBeforeThem() throws IOException {
    pack(Vocabulary.bytes(), 1000).close();
    ByteBuffer shard =
        ByteBuffer.wrap(Files.readAllBytes(target().resolve("tokens-00000.u16")))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertEquals('T', shard.getShort());
    assertEquals('h', shard.getShort());
    assertEquals(256, shard.getShort(2 * 12));
  }

  @Test
  void theTokenizerTravelsWithTheTokens() throws IOException {
    Vocabulary learned = Vocabulary.of(BpeTrainer.train(DOCUMENTS.stream(), 265));
    pack(learned, 1000).close();
    try (PackedFolder packed = PackedFolder.open(target())) {
      assertEquals(learned.fingerprint(), packed.vocabulary().fingerprint());
      assertEquals("tokenizer.json", packed.vocabulary().name());
      int[] row = packed.rows((int) packed.tokens()).row(0);
      assertEquals(
          String.join("<|endoftext|>", DOCUMENTS) + "<|endoftext|>",
          packed.vocabulary().tokenizer().decode(row));
    }
  }

  @Test
  void anotherTokenizerInTheFolderIsRefused() throws IOException {
    pack(Vocabulary.of(BpeTrainer.train(DOCUMENTS.stream(), 265)), 1000).close();
    Vocabulary other = Vocabulary.of(BpeTrainer.train(DOCUMENTS.stream(), 264));
    other.writeTo(target());
    var failure = assertThrows(IOException.class, () -> PackedFolder.open(target()));
    assertTrue(failure.getMessage().contains("not the one that it was packed with"));
  }

  @Test
  void aShardOfAnotherSizeIsRefusedAndOneByteIsFoundByVerify() throws IOException {
    pack(Vocabulary.bytes(), 20).close();
    Path shard = target().resolve("tokens-00001.u16");
    try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {'x'}), 6);
    }
    try (PackedFolder packed = PackedFolder.open(target())) {
      var failure = assertThrows(IOException.class, packed::verify);
      assertTrue(failure.getMessage().startsWith(shard + ": has sha256"), failure.getMessage());
    }
    Files.write(shard, new byte[] {1}, StandardOpenOption.APPEND);
    var failure = assertThrows(IOException.class, () -> PackedFolder.open(target()));
    assertTrue(failure.getMessage().contains("has 41 bytes"), failure.getMessage());
  }

  @Test
  void aTokenBeyondTheVocabularyIsNamedWithItsFile() throws IOException {
    pack(Vocabulary.bytes(), 1000).close();
    Path shard = target().resolve("tokens-00000.u16");
    try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1, 1}), 4);
    }
    try (PackedFolder packed = PackedFolder.open(target())) {
      var failure = assertThrows(IllegalStateException.class, () -> packed.rows(4).row(0));
      assertTrue(failure.getMessage().contains("token 2 is 257"), failure.getMessage());
    }
  }

  @Test
  void nothingIsLeftOfAPackingThatFailsAndNothingIsReplaced() throws IOException {
    Stream<String> failing =
        Stream.of("a", "b")
            .peek(
                document -> {
                  if (document.equals("b")) {
                    throw new IllegalStateException("unreadable");
                  }
                });
    assertThrows(
        IllegalStateException.class,
        () -> PackedFolder.pack(failing, Vocabulary.bytes(), target(), 10));
    assertThrows(
        IllegalArgumentException.class,
        () -> PackedFolder.pack(Stream.of(), Vocabulary.bytes(), target(), 10));
    try (Stream<Path> left = Files.list(parent)) {
      assertEquals(0, left.count());
    }
    pack(Vocabulary.bytes(), 10).close();
    assertThrows(FileAlreadyExistsException.class, () -> pack(Vocabulary.bytes(), 10));
    assertFalse(PackedFolder.is(parent));
    assertTrue(PackedFolder.is(target()));
  }

  @Test
  void aHeadThatIsNoneIsRefusedByName() throws IOException {
    pack(Vocabulary.bytes(), 1000).close();
    Path head = target().resolve("corpus.json");
    String json = Files.readString(head);
    for (String wrong :
        List.of(
            "{}",
            "",
            json.replace("\"format\" : 1", "\"format\" : 2"),
            json.replaceFirst("\"tokens\" : 52,", "\"tokens\" : 54,"),
            json.replace("tokens-00000", "../tokens-00000"),
            json.replace("\"documents\"", "\"papers\""))) {
      Files.writeString(head, wrong);
      var failure = assertThrows(IOException.class, () -> PackedFolder.open(target()), wrong);
      assertTrue(failure.getMessage().startsWith(head.toString()), failure.getMessage());
    }
    Files.delete(head);
    assertThrows(IOException.class, () -> PackedFolder.open(target()));
  }
}
