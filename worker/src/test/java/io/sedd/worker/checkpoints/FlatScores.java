package io.sedd.worker.checkpoints;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.sampling.DiffusionModel;
import io.sedd.diffusion.text.ByteTokenizer;
import io.sedd.diffusion.text.TemplateEncoder;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import io.sedd.protocol.job.GenerationResult.CheckpointName;
import io.sedd.worker.denoising.DeviceCopy;
import io.sedd.worker.denoising.ServedCheckpoint;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A network of no work: all scores are equal.
 *
 * @param backend gives the memory
 * @param beforeStep sees the input of every evaluation and may throw
 */
public record FlatScores(Backend backend, Consumer<NetworkInput> beforeStep) implements ScoreModel {

  /** Two of these at its beginning make a sequence's scores not finite. */
  public static final int SPOILING_TOKEN = 33;

  private static final CheckpointConfig CONFIG = TinyCheckpoints.config(16);

  /** A checkpoint of this name, on one device, that tells when its weights are freed. */
  public ServedCheckpoint served(String name, DeviceCopy.Weights weights) {
    return served(name, List.of(copy(weights)));
  }

  /** A checkpoint of this name with a copy on each of several devices. */
  public static ServedCheckpoint served(String name, List<DeviceCopy> copies) {
    ByteTokenizer tokenizer = new ByteTokenizer();
    return new ServedCheckpoint(
        new CheckpointName(name, "0".repeat(64)),
        tokenizer,
        new TemplateEncoder(tokenizer, TinyCheckpoints.LENGTH, CONFIG.tokens()),
        copies);
  }

  /** A copy on this one's device. */
  public DeviceCopy copy(DeviceCopy.Weights weights) {
    return new DeviceCopy(new DiffusionModel(this, DiffusionProcess.of(CONFIG)), weights);
  }

  @Override
  public NetworkShape shape() {
    return NetworkShape.of(CONFIG);
  }

  @Override
  public Tensor logits(NetworkInput input, Workspace workspace) {
    beforeStep.accept(input);
    Tensor logits = workspace.take(input.wanted().length, CONFIG.states());
    backend.fill(logits, 0);
    for (int i = 0; i < input.wanted().length; i++) {
      if (spoiled(input, input.layout().sequenceOf(input.wanted()[i]))) {
        float[] row = new float[CONFIG.states()];
        Arrays.fill(row, Float.NaN);
        backend.write(
            MemorySegment.ofArray(row),
            logits.view((long) i * CONFIG.states(), 1, CONFIG.states()));
      }
    }
    return logits;
  }

  private static boolean spoiled(NetworkInput input, int sequence) {
    int start = input.layout().start(sequence);
    return input.layout().length(sequence) > 1
        && input.tokens()[start] == SPOILING_TOKEN
        && input.tokens()[start + 1] == SPOILING_TOKEN;
  }
}
