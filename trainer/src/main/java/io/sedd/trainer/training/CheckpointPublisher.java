package io.sedd.trainer.training;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.diffusion.network.WeightFile;
import io.sedd.protocol.checkpoint.Canary;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import io.sedd.protocol.checkpoint.CheckpointConfigJson;
import io.sedd.protocol.checkpoint.CheckpointDraft;
import io.sedd.protocol.checkpoint.CheckpointNames;
import io.sedd.protocol.checkpoint.CheckpointStore;
import io.sedd.protocol.checkpoint.Retention;
import io.sedd.protocol.checkpoint.Safetensors;
import io.sedd.protocol.checkpoint.TensorType;
import io.sedd.trainer.corpus.Vocabulary;
import io.sedd.trainer.evaluation.BoundEstimate;
import io.sedd.trainer.optimizer.OptimizerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Publishes a run's checkpoints: the moving average as the model, config, tokenizer, figures, a
 * canary computed from the model file as it was written, and the training state if wanted. Older
 * checkpoints go as the retention says.
 */
public final class CheckpointPublisher implements CheckpointSink {

  private final CheckpointStore store;
  private final CheckpointConfig config;
  private final Vocabulary vocabulary;
  private final Contents contents;
  private final RunIdentity run;
  private final Backend backend;
  private final InstantSource clock;

  /**
   * What goes into a checkpoint and how many stay.
   *
   * @param weights how the numbers of the model file are stored
   * @param trainingState whether the run can go on from the checkpoint
   * @param retention of older checkpoints
   * @param unitsPerToken characters a token of the held-out text, for the figures; absent where
   *     there is no such text
   */
  public record Contents(
      TensorType weights,
      boolean trainingState,
      Retention retention,
      Optional<Double> unitsPerToken) {}

  /** A publisher into a store. */
  public CheckpointPublisher(
      CheckpointStore store,
      CheckpointConfig config,
      Vocabulary vocabulary,
      Contents contents,
      RunIdentity run,
      Backend backend,
      InstantSource clock) {
    this.store = store;
    this.config = config;
    this.vocabulary = vocabulary;
    this.contents = contents;
    this.run = run;
    this.backend = backend;
    this.clock = clock;
  }

  @Override
  public String publish(OptimizerState state, Optional<BoundEstimate> heldOut) {
    String name = CheckpointNames.ofStep(state.step());
    try {
      write(name, state, heldOut);
      contents.retention().apply(store);
    } catch (IOException e) {
      throw new UncheckedIOException("checkpoint " + name + " cannot be written", e);
    }
    return name;
  }

  private void write(String name, OptimizerState state, Optional<BoundEstimate> heldOut)
      throws IOException {
    NetworkShape shape = NetworkShape.of(config);
    try (CheckpointDraft draft = store.draft(name)) {
      Path model = draft.folder().resolve(Checkpoint.MODEL_FILE);
      WeightFile.write(model, state.average(), shape, contents.weights(), backend);
      CheckpointConfigJson.write(config, draft.folder().resolve(Checkpoint.CONFIG_FILE));
      vocabulary.writeTo(draft.folder());
      if (contents.trainingState()) {
        TrainingStateFile.write(
            draft.folder().resolve(Checkpoint.TRAINING_FOLDER), state, run, backend);
      }
      draft.publish(
          state.step(), clock.instant(), figures(heldOut), Optional.of(canary(model, shape)));
    }
  }

  /** From the file and not from memory: the file may be rounded, and may have gone wrong. */
  private Canary canary(Path model, NetworkShape shape) throws IOException {
    try (Safetensors file = Safetensors.open(model);
        ScoreNetwork network =
            new ScoreNetwork(shape, WeightFile.read(file, shape, backend), backend)) {
      return CanaryInputs.record(network, DiffusionProcess.of(config), backend);
    }
  }

  private Map<String, Double> figures(Optional<BoundEstimate> heldOut) {
    Map<String, Double> figures = new TreeMap<>();
    heldOut.ifPresent(
        estimate -> {
          figures.put("bound_nats_per_token", estimate.bound());
          figures.put("perplexity_per_token", estimate.perplexity());
          if (Double.isFinite(estimate.standardError())) {
            figures.put("bound_standard_error", estimate.standardError());
          }
          figures.put("held_out_tokens", (double) estimate.tokens());
          contents
              .unitsPerToken()
              .ifPresent(units -> figures.put("bound_bits_per_character", estimate.bitsPer(units)));
        });
    return figures;
  }
}
