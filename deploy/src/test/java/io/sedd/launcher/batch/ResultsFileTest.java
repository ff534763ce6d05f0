package io.sedd.launcher.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.launcher.batch.BatchLine.Form;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTest {

  private static final List<String> IDS = List.of("one", "two \"quoted\" ä", "three");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("results.jsonl");
  }

  private static byte[] line(String id) {
    Form form = id.startsWith("two") ? Form.CUSTOM_ID : Form.JOB;
    GenerationResult result =
        new GenerationResult(
            id,
            Outcome.COMPLETED,
            List.of(new GenerationResult.Sample("ein Text: ä\n", List.of(1, 2), 7, 0)),
            Optional.empty(),
            4,
            5,
            0,
            1,
            "w",
            Map.of(),
            Optional.empty());
    return new ResultLines().result(form, result);
  }

  private byte[] whole() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String id : IDS) {
      all.write(line(id));
      all.write('\n');
    }
    return all.toByteArray();
  }

  @Test
  void aFileThatEndsAtAnyByteIsMendedAndWhatIsAddedAgainMakesItWhole() throws IOException {
    byte[] whole = whole();
    for (int length = 0; length <= whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      try (ResultsFile results = new ResultsFile(file)) {
        int end = length;
        Set<String> done = results.done();
        assertEquals(IDS.subList(0, done.size()), IDS.stream().filter(done::contains).toList());
        assertEquals(Files.size(file) + results.cut(), end, "cut at byte " + end);
        for (String id : IDS) {
          if (!done.contains(id)) {
            results.append(line(id));
          }
        }
      }
      assertArrayEquals(whole, Files.readAllBytes(file), "cut at byte " + length);
    }
  }

  @Test
  void whatIsNoResultOfThisCommandIsLeftAsItIs() throws IOException {
    for (String foreign :
        List.of(
            "a diary", "a diary\n", "{\"jobId\": 7}\n", "{\"id\":\"a\",\"template\":[]}\n", "\n")) {
      Files.writeString(file, foreign);
      IOException refused = assertThrows(IOException.class, () -> new ResultsFile(file));
      assertTrue(refused.getMessage().startsWith("line 1 of " + file), refused::getMessage);
      assertEquals(foreign, Files.readString(file));
    }
  }

  @Test
  void aSecondRunOnTheSameFileIsRefused() throws IOException {
    try (ResultsFile first = new ResultsFile(file)) {
      IOException refused = assertThrows(IOException.class, () -> new ResultsFile(file));
      assertTrue(refused.getMessage().contains("another run"), refused::getMessage);
      first.append("{\"jobId\":\"a\"}".getBytes(UTF_8));
    }
    try (ResultsFile next = new ResultsFile(file)) {
      assertEquals(Set.of("a"), next.done());
    }
  }
}
