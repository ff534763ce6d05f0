package io.sedd.trainer.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.CheckpointStore;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.checkpoint.Retention;
import io.sedd.protocol.checkpoint.TensorType;
import io.sedd.trainer.corpus.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeTest {

  private static final BatchSize BATCH = new BatchSize(4, 1);

  @TempDir Path folder;

  private CheckpointPublisher publisher(TinyRun run, CheckpointStore store) {
    return new CheckpointPublisher(
        store,
        TinyRun.CONFIG,
        Vocabulary.bytes(),
        new CheckpointPublisher.Contents(TensorType.BF16, true, new Retention(2), Optional.empty()),
        run.identity,
        run.backend,
        InstantSource.system());
  }

  private static void resume(TinyRun run, CheckpointStore store) throws IOException {
    Checkpoint checkpoint = store.open(store.latest().orElseThrow());
    checkpoint.verifyWithTraining();
    TrainingStateFile.read(checkpoint.training(), run.state, run.identity, run.backend);
  }

  /** Killed after step 13: the checkpoint of step 10 is the last thing that stands. */
  @Test
  void aKilledRunGoesOnBitForBitAndItsCurveIsThatOfOneThatWasNotKilled() throws IOException {
    Path straight = folder.resolve("straight");
    Path killed = folder.resolve("killed");
    float[] parameters;
    float[] average;
    try (TinyRun run = new TinyRun(BATCH, 1e-3)) {
      train(run, straight, 20);
      parameters = run.parameters();
      average = run.average();
    }
    try (TinyRun run = new TinyRun(BATCH, 1e-3)) {
      TrainingObserver kill =
          new TrainingObserver() {
            @Override
            public void stepTaken(StepReport report) {
              if (report.step() == 13) {
                throw new IllegalStateException("killed");
              }
            }
          };
      assertThrows(IllegalStateException.class, () -> train(run, killed, 20, kill));
    }
    try (TinyRun run = new TinyRun(BATCH, 1e-3)) {
      resume(run, new FileSystemCheckpointStore(killed));
      assertEquals(10, run.state.step());
      train(run, killed, 20);
      assertArrayEquals(parameters, run.parameters());
      assertArrayEquals(average, run.average());
    }
    assertEquals(curve(straight), curve(killed));
  }

  private void train(TinyRun run, Path into, int steps, TrainingObserver... more) {
    RunLimits limits = new RunLimits(steps, Duration.ZERO, 0, 10);
    try (MetricsLog log =
        new MetricsLog(into.resolve("metrics.jsonl"), 4, InstantSource.system())) {
      List<TrainingObserver> observers = new ArrayList<>(List.of(log));
      observers.addAll(List.of(more));
      run.train(
          limits,
          publisher(run, new FileSystemCheckpointStore(into)),
          new StopSignal(),
          InstantSource.system(),
          observers.toArray(TrainingObserver[]::new));
    }
  }

  /** The log without what a clock says. */
  private static List<String> curve(Path run) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      ObjectNode json = (ObjectNode) new ObjectMapper().readTree(line);
      lines.add(json.without(List.of("time", "tokensPerSecond")).toString());
    }
    return lines;
  }

  @Test
  void aRunWithOtherSettingsIsRefusedWithWhatDiffers() throws IOException {
    CheckpointStore store = new FileSystemCheckpointStore(folder);
    try (TinyRun run = new TinyRun(BATCH, 1e-3)) {
      run.train(2, publisher(run, store));
    }
    try (TinyRun other = new TinyRun(new BatchSize(8, 1), 1e-3)) {
      var refusal = assertThrows(CheckpointException.class, () -> resume(other, store));
      assertTrue(
          refusal.getMessage().contains("sequences_per_step is 8, was 4"), refusal.getMessage());
    }
  }
}
