package io.sedd.launcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.FileDigest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the command says of input that it cannot use: one line, an exit code, nothing changed. */
class BadInputTest {

  @TempDir Path folder;
  private Path text;

  /** What a command printed and returned. */
  private record Answer(int exitCode, String out, String error) {}

  @BeforeEach
  void writeTextAndConfiguration() throws IOException {
    text = write("text.txt", "The cat sat on the mat.\n".repeat(40).getBytes(UTF_8));
    write(
        "train.yaml",
        """
        corpus: {train: [%1$s/text.txt]}
        tokenizer: {kind: bytes}
        model: {length: 16, hidden: 8, conditioning: 4, blocks: 1, heads: 2}
        batch: {sequences: 2}
        run: {steps: 2}
        checkpoints: {folder: %1$s/checkpoints}
        backend: {name: reference, threads: 1}
        """
            .formatted(folder)
            .getBytes(UTF_8));
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static Answer run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter error = new StringWriter();
    CommandLine commandLine = Sedd.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(error, true));
    return new Answer(commandLine.execute(arguments), out.toString(), error.toString());
  }

  private Answer train(String... settings) {
    List<String> arguments = new ArrayList<>(List.of("train", "--config", folder + "/train.yaml"));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    return run(arguments.toArray(String[]::new));
  }

  /** Every file below the folder by its hash. */
  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
        files.put(folder.relativize(path).toString(), FileDigest.of(path).sha256());
      }
    }
    return files;
  }

  private interface Attempt {
    Answer make() throws IOException;
  }

  /** One line that says all of the words; the files are as before. */
  private void assertRefused(int exitCode, Attempt attempt, String... words) throws IOException {
    Map<String, String> before = files();
    Answer answer = attempt.make();
    assertEquals(exitCode, answer.exitCode(), answer.error());
    assertEquals(1, answer.error().strip().lines().count(), answer.error());
    for (String word : words) {
      assertTrue(answer.error().contains(word), word + " is not in: " + answer.error());
    }
    assertEquals(before, files());
  }

  @Test
  void anEmptyCorpusIsRefused() throws IOException {
    write("text.txt", new byte[0]);
    assertRefused(1, this::train, "the corpus is empty", "give other texts");
    assertRefused(1, () -> train("tokenizer.kind=train"), "the corpus is empty");
    write("text.txt", "\n<|endoftext|>\n".getBytes(UTF_8));
    assertRefused(1, this::train, "the corpus is empty");
    assertRefused(1, () -> pack("packed"), "no document");
    Files.createDirectory(folder.resolve("nothing"));
    assertRefused(
        1, () -> train("corpus.train=[" + folder + "/nothing]"), "nothing", "has no text in it");
  }

  @Test
  void anEmptyHeldOutTextIsRefusedBeforeTheRunBegins() throws IOException {
    Path empty = write("empty.txt", new byte[0]);
    assertRefused(1, () -> train("corpus.heldOut=[" + empty + "]"), "the corpus is empty");
  }

  @Test
  void aTextThatIsNotUtf8IsRefusedByName() throws IOException {
    write("text.txt", "Käse\n".repeat(40).getBytes(ISO_8859_1));
    assertRefused(1, this::train, text.toString(), "is not UTF-8; convert it first");
    assertRefused(1, () -> pack("packed"), text.toString(), "is not UTF-8");
  }

  @Test
  void aTextShorterThanOneSequenceIsRefusedWithItsLength() throws IOException {
    write("text.txt", "Too short".getBytes(UTF_8));
    assertRefused(1, this::train, "10 tokens", "less than one row of 16", "model.length");
  }

  @Test
  void anotherVocabularyOnResumeIsRefused() throws IOException {
    assertEquals(0, train().exitCode());
    assertRefused(
        1,
        () -> train("tokenizer.kind=gpt2", "run.steps=4"),
        "257 tokens of bytes",
        "50,257 tokens of gpt2",
        "another folder");
    Answer packed = pack("packed");
    assertEquals(0, packed.exitCode(), packed.error());
  }

  @Test
  void anotherTextOnResumeIsRefused() throws IOException {
    assertEquals(0, train().exitCode());
    write("text.txt", "The dog sat on the log.\n".repeat(40).getBytes(UTF_8));
    assertRefused(1, () -> train("run.steps=4"), "corpus is", "another checkpoint folder");
  }

  @Test
  void aWrongKeyIsAUsageErrorThatNamesItsNearestNeighbour() throws IOException {
    assertRefused(2, () -> train("model.lenght=8"), "model.lenght", "model.length");
    String yaml = Files.readString(folder.resolve("train.yaml"));
    write("train.yaml", yaml.replace("sequences: 2", "sequenses: 2").getBytes(UTF_8));
    assertRefused(2, this::train, "batch.sequenses", "batch.sequences");
    write("train.yaml", yaml.replace("sequences: 2", "sequences: two").getBytes(UTF_8));
    assertRefused(2, this::train, "batch.sequences", "two");
  }

  @Test
  void aPickleThatNamesAClassIsRefusedAndNothingOfItRuns() throws IOException {
    Path proof = folder.resolve("proof");
    Path model = Files.createDirectory(folder.resolve("model"));
    Files.copy(
        Path.of("../trainer/src/test/resources/torch/bin/config.json"),
        model.resolve("config.json"));
    String pickle = "cos\nsystem\n(S'touch " + proof + "'\ntR.";
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(model.resolve("pytorch_model.bin")))) {
      stored(zip, "archive/data.pkl", pickle.getBytes(ISO_8859_1));
      stored(zip, "archive/version", "3\n".getBytes(ISO_8859_1));
    }
    assertRefused(
        1,
        () -> run("checkpoint", "convert", model.toString(), folder + "/converted"),
        "names the class 'os.system'",
        "nothing is run");
    assertRefused(1, () -> run("checkpoint", "inspect", model.toString()), "system");
    assertFalse(Files.exists(proof));
  }

  private static void stored(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  @Test
  void nothingThatIsThereIsReplaced() throws IOException {
    assertEquals(0, pack("packed").exitCode());
    assertRefused(1, () -> pack("packed"), "packed", "not replaced");
    assertEquals(0, train().exitCode());
    assertRefused(
        1,
        () ->
            run("checkpoint", "convert", folder + "/checkpoints/step-00000002", folder + "/packed"),
        "packed");
  }

  private Answer pack(String target) {
    return run(
        "corpus", "pack", text.toString(), "--tokenizer", "bytes", "--to", folder + "/" + target);
  }
}
