package io.sedd.trainer.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.CanaryProbe;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.diffusion.network.WeightFile;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointNames;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.checkpoint.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A publisher that is killed 50 times, at moments spread over the some 20 ms of a publication.
 * {@code -Dkills.seed=N} gives other moments.
 */
class KilledPublisherTest {

  private static final int KILLS = 50;
  private static final int SPREAD_MICROSECONDS = 60_000;

  @TempDir Path folder;
  private final Random random = new Random(Long.getLong("kills.seed", 1));
  private final TinyRun loader = new TinyRun(new BatchSize(1, 1), 1e-3);

  @AfterEach
  void freeTheLoader() {
    loader.close();
  }

  @Test
  void whatLatestNamesIsWholeHoweverOftenThePublisherIsKilled()
      throws IOException, InterruptedException {
    long stood = 0;
    int interrupted = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      Path printed = folder.resolve("printed-" + kill);
      Process process = start(printed);
      try {
        awaitPublication(process, printed);
        process.waitFor(random.nextInt(SPREAD_MICROSECONDS), TimeUnit.MICROSECONDS);
      } finally {
        process.destroyForcibly().waitFor();
      }
      for (String line : Files.readAllLines(printed)) {
        if (line.startsWith("leftovers ") && !line.equals("leftovers 0")) {
          interrupted++;
        }
        // a line cut by the kill names no step
        stood = Math.max(stood, CheckpointNames.stepOf(line).orElse(0));
      }
      long latest = load();
      assertTrue(latest >= stood, "step " + stood + " stood, then LATEST was step " + latest);
    }
    // else the kills fell between publications and proved nothing
    assertTrue(interrupted > KILLS / 4, interrupted + " publications were interrupted");
  }

  private Process start(Path printed) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                PublishingLoop.class.getName(),
                store().toString()))
        .redirectErrorStream(true)
        .redirectOutput(printed.toFile())
        .start();
  }

  private Path store() {
    return folder.resolve("checkpoints");
  }

  private static void awaitPublication(Process process, Path printed) throws IOException {
    while (!Files.readString(printed).contains("\n" + CheckpointNames.ofStep(0).substring(0, 5))) {
      assertTrue(process.isAlive(), () -> "the publisher has ended by itself: " + printed);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /** The latest checkpoint's step, after every check that a worker and a trainer make. */
  private long load() throws IOException {
    var store = new FileSystemCheckpointStore(store());
    Checkpoint checkpoint = store.open(store.latest().orElseThrow());
    checkpoint.verifyWithTraining();
    NetworkShape shape = NetworkShape.of(checkpoint.config());
    try (Safetensors file = Safetensors.open(checkpoint.weights());
        ScoreNetwork network =
            new ScoreNetwork(shape, WeightFile.read(file, shape, loader.backend), loader.backend)) {
      new CanaryProbe(loader.backend)
          .verify(network, checkpoint.manifest().orElseThrow().canary().orElseThrow());
    }
    TrainingStateFile.read(checkpoint.training(), loader.state, loader.identity, loader.backend);
    assertEquals(checkpoint.manifest().orElseThrow().step(), loader.state.step());
    return loader.state.step();
  }
}
