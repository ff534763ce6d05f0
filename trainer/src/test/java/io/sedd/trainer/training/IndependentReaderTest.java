package io.sedd.trainer.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointStore;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.checkpoint.Retention;
import io.sedd.protocol.checkpoint.TensorType;
import io.sedd.trainer.corpus.Vocabulary;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A checkpoint read by a script of Python and NumPy that knows nothing of this project. */
class IndependentReaderTest {

  private static final Path SCRIPT = Path.of("src/test/resources/numpy/read_checkpoint.py");

  @TempDir Path folder;

  private record Answer(int exitCode, String printed) {}

  @BeforeEach
  void requireNumpy() throws IOException, InterruptedException {
    Answer answer;
    try {
      answer = python("-c", "import numpy");
    } catch (IOException _) {
      answer = new Answer(-1, "python3 is not installed");
    }
    Assumptions.assumeTrue(
        answer.exitCode() == 0, "absent: python3 with numpy (" + answer.printed().strip() + ")");
  }

  private static Answer python(String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = "python3";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes());
    return new Answer(process.waitFor(), printed);
  }

  private Checkpoint publish(TensorType weights) throws IOException {
    CheckpointStore store = new FileSystemCheckpointStore(folder);
    try (TinyRun run = new TinyRun(new BatchSize(4, 1), 1e-2)) {
      run.train(30, (_, _) -> "");
      CheckpointPublisher publisher =
          new CheckpointPublisher(
              store,
              TinyRun.CONFIG,
              Vocabulary.bytes(),
              new CheckpointPublisher.Contents(weights, true, new Retention(1), Optional.empty()),
              run.identity,
              run.backend,
              InstantSource.system());
      return store.open(publisher.publish(run.state, Optional.empty()));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void itsNetworkIsTheSameFunctionThere(TensorType weights)
      throws IOException, InterruptedException {
    Answer answer = python(SCRIPT.toString(), publish(weights).folder().toString());
    assertEquals(0, answer.exitCode(), answer.printed());
    assertTrue(answer.printed().contains("log scores, largest difference"), answer.printed());
  }

  @Test
  void aByteThatChangedIsSeenThere() throws IOException, InterruptedException {
    Checkpoint checkpoint = publish(TensorType.F32);
    try (RandomAccessFile file = new RandomAccessFile(checkpoint.weights().toFile(), "rw")) {
      long last = file.length() - 1;
      file.seek(last);
      int before = file.read();
      file.seek(last);
      file.write(before ^ 1);
    }
    Answer answer = python(SCRIPT.toString(), checkpoint.folder().toString());
    assertEquals(1, answer.exitCode(), answer.printed());
    assertTrue(answer.printed().contains("another hash"), answer.printed());
  }
}
