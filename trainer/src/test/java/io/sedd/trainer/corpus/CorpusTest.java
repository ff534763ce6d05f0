package io.sedd.trainer.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {

  @TempDir Path folder;

  @Test
  void aSeparatorLineSplitsDocumentsAndBelongsToNone() throws IOException {
    assertEquals(List.of("one\ntwo", "three"), documents("one\ntwo\n<|endoftext|>\nthree\n"));
    assertEquals(List.of("one", "two"), documents("one\r\n<|endoftext|>\r\ntwo\r\n"));
  }

  @Test
  void aFileWithNoSeparatorIsOneDocument() throws IOException {
    assertEquals(List.of("one\n\ntwo"), documents("one\n\ntwo\n"));
  }

  @Test
  void emptyDocumentsAreNone() throws IOException {
    assertEquals(
        List.of("one", "two"),
        documents("<|endoftext|>\none\n<|endoftext|>\n<|endoftext|>\ntwo\n<|endoftext|>\n"));
    assertEquals(List.of(), documents(""));
  }

  @Test
  void onlyAWholeLineSeparates() throws IOException {
    String text = "a <|endoftext|>\n<|endoftext|> b\u2028<|endoftext|>\u2028c";
    assertEquals(List.of(text), documents(text));
  }

  @Test
  void otherLineBreaksStayAsTheyAre() throws IOException {
    assertEquals(List.of("\n\none\r\n\n"), documents("\n\none\r\n\n\n<|endoftext|>\n"));
  }

  @Test
  void filesFollowEachOther() throws IOException {
    Path first = Files.writeString(folder.resolve("1.txt"), "one\n<|endoftext|>\ntwo");
    Path second = Files.writeString(folder.resolve("2.txt"), "three");
    assertEquals(
        List.of("one", "two", "three"), Corpus.of(List.of(first, second)).documents().toList());
  }

  @Test
  void aMissingFileAndBrokenUtf8AreNamed() throws IOException {
    Path absent = folder.resolve("absent.txt");
    var missing = assertThrows(NoSuchFileException.class, () -> Corpus.of(List.of(absent)));
    assertTrue(missing.getMessage().contains("absent.txt"), missing.getMessage());

    Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'a', (byte) 0xE9, 'b'});
    var documents = Corpus.of(List.of(latin)).documents();
    var broken = assertThrows(UncheckedIOException.class, documents::toList);
    assertTrue(broken.getMessage().contains("latin.txt is not UTF-8"), broken.getMessage());
  }

  @Test
  void jsonLinesAreStringsOrObjectsWithAField() throws IOException {
    Path lines =
        Files.writeString(folder.resolve("a.jsonl"), "\"one\\ntwo\"\n\n{\"text\":\"three\"}\n\"\"");
    assertEquals(List.of("one\ntwo", "three", ""), Corpus.of(List.of(lines)).documents().toList());
  }

  @Test
  void aJsonLineWithoutTextIsNamedByFileAndLine() throws IOException {
    Path lines = Files.writeString(folder.resolve("a.jsonl"), "\"one\"\n{\"body\":\"two\"}\n");
    var documents = Corpus.of(List.of(lines)).documents();
    var failure = assertThrows(IllegalArgumentException.class, documents::toList);
    assertTrue(failure.getMessage().contains("a.jsonl, line 2"), failure.getMessage());
    assertTrue(failure.getMessage().contains("field 'text'"), failure.getMessage());
  }

  @Test
  void gzippedFilesAndFoldersAreReadByTheirContentAndInTheOrderOfTheirNames() throws IOException {
    Path texts = Files.createDirectories(folder.resolve("texts/below"));
    Files.writeString(folder.resolve("texts/b.txt"), "second");
    Files.writeString(folder.resolve("texts/.hidden"), "never");
    Files.writeString(texts.resolve("c.txt"), "third");
    try (var out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("texts/a.txt.gz")))) {
      out.write("first\n<|endoftext|>\nhalf".getBytes(UTF_8));
    }
    assertEquals(
        List.of("first", "half", "second", "third"),
        Corpus.of(List.of(folder.resolve("texts"))).documents().toList());
  }

  @Test
  void anEmptyFolderIsNamed() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    var failure = assertThrows(NoSuchFileException.class, () -> Corpus.of(List.of(empty)));
    assertTrue(failure.getMessage().contains("no text"), failure.getMessage());
  }

  private List<String> documents(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("text.txt"), text);
    return Corpus.of(List.of(file)).documents().toList();
  }
}
