package io.sedd.trainer.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.CanaryProbe;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.diffusion.network.WeightFile;
import io.sedd.protocol.checkpoint.Canary;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.CheckpointStore;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.checkpoint.Retention;
import io.sedd.protocol.checkpoint.Safetensors;
import io.sedd.protocol.checkpoint.TensorType;
import io.sedd.trainer.corpus.Vocabulary;
import io.sedd.trainer.evaluation.BoundEstimate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointPublisherTest {

  @TempDir Path folder;
  private CheckpointStore store;
  private TinyRun run;

  @BeforeEach
  void trainALittle() {
    store = new FileSystemCheckpointStore(folder);
    run = new TinyRun(new BatchSize(4, 1), 1e-2);
    run.train(5, (_, _) -> "");
  }

  @AfterEach
  void freeTheRun() {
    run.close();
  }

  private CheckpointPublisher publisher(TensorType weights, boolean trainingState, int keep) {
    return new CheckpointPublisher(
        store,
        TinyRun.CONFIG,
        Vocabulary.bytes(),
        new CheckpointPublisher.Contents(
            weights, trainingState, new Retention(keep), Optional.of(2.0)),
        run.identity,
        run.backend,
        InstantSource.system());
  }

  @Test
  void theCanaryIsThatOfTheRoundedWeightsInTheFile() throws IOException {
    String name = publisher(TensorType.BF16, false, 1).publish(run.state, Optional.empty());
    Checkpoint checkpoint = store.open(name);
    checkpoint.verify();
    Canary recorded = checkpoint.manifest().orElseThrow().canary().orElseThrow();
    Canary exact = new Canary(1e-6, recorded.rows());
    CanaryProbe probe = new CanaryProbe(run.backend);
    try (Safetensors file = Safetensors.open(checkpoint.weights());
        ScoreNetwork loaded =
            new ScoreNetwork(
                NetworkShape.of(TinyRun.CONFIG),
                WeightFile.read(file, NetworkShape.of(TinyRun.CONFIG), run.backend),
                run.backend)) {
      probe.verify(loaded, exact);
      run.backend.fill(loaded.weights().tensor("output_layer.linear.weight"), 0.5f);
      assertThrows(CheckpointException.class, () -> probe.verify(loaded, recorded));
    }
  }

  @Test
  void withoutTrainingStateACheckpointIsSmall() throws IOException {
    String name = publisher(TensorType.BF16, false, 1).publish(run.state, Optional.empty());
    assertFalse(Files.exists(store.open(name).training()));
    long parameters = run.state.parameters().layout().parameters();
    assertTrue(Files.size(store.open(name).weights()) < 2 * parameters + 5000);
  }

  @Test
  void theManifestHasTheHeldOutFigures() throws IOException {
    BoundEstimate heldOut = new BoundEstimate(2 * Math.log(2), 0.25, 10, 80, 0);
    String name = publisher(TensorType.F32, false, 1).publish(run.state, Optional.of(heldOut));
    var figures = store.open(name).manifest().orElseThrow().evaluation();
    assertEquals(2 * Math.log(2), figures.get("bound_nats_per_token"));
    assertEquals(1, figures.get("bound_bits_per_character"), 1e-12);
    assertEquals(0.25, figures.get("bound_standard_error"));
  }

  @Test
  void onlyTheNewestCheckpointsStay() throws IOException {
    CheckpointPublisher publisher = publisher(TensorType.F32, true, 2);
    for (int step = 6; step <= 9; step++) {
      run.train(step, publisher);
    }
    assertEquals(List.of("step-00000008", "step-00000009"), store.list());
    assertEquals(Optional.of("step-00000009"), store.latest());
  }

  @Test
  void weightsThatAreNotFiniteAreNotPublished() throws IOException {
    CheckpointPublisher publisher = publisher(TensorType.F32, true, 2);
    publisher.publish(run.state, Optional.empty());
    run.train(6, (_, _) -> "");
    run.backend.fill(run.state.average().tensor("output_layer.linear.bias"), Float.NaN);
    assertThrows(CheckpointException.class, () -> publisher.publish(run.state, Optional.empty()));
    assertEquals(List.of("step-00000005"), store.list());
  }
}
