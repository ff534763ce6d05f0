package io.sedd.diffusion.sampling;

import com.fasterxml.jackson.databind.JsonNode;
import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.GoldenNoise;
import io.sedd.diffusion.network.GoldenModel;
import io.sedd.protocol.checkpoint.Safetensors;
import java.util.Arrays;
import java.util.Locale;

/**
 * One official sampler run of {@code trajectory.safetensors}: the random numbers that went in, the
 * weights and the states that came out.
 *
 * @param prefix of its tensors
 * @param meta its parameters
 * @param numbers the file, which stays the caller's
 */
record RecordedRun(String prefix, JsonNode meta, Safetensors numbers) {

  /** Predictor's steps; the denoiser comes on top. */
  int steps() {
    return meta.required("steps").asInt();
  }

  /** Number of sequences. */
  int sequences() {
    return (int) numbers.entry(prefix + ".x").shape()[1];
  }

  private int length() {
    return (int) numbers.entry(prefix + ".x").shape()[2];
  }

  /** States of a sequence before step {@code step}; after the denoiser for steps + 1. */
  int[] states(int step, int sequence) {
    int[] all = GoldenFiles.integers(numbers, prefix + ".x");
    int start = (step * sequences() + sequence) * length();
    return Arrays.copyOfRange(all, start, start + length());
  }

  /** Raw weights of one position in a step; without the mask in the denoiser's. */
  double[] weights(int step, int sequence, int position) {
    return step == steps()
        ? vector("denoise_probs", sequence * length() + position)
        : vector("probs", (step * sequences() + sequence) * length() + position);
  }

  /** Random numbers of one position in a step, one for every state. */
  double[] uniforms(int step, int sequence, int position) {
    return vector("u", (step * sequences() + sequence) * length() + position);
  }

  private double[] vector(String tensor, int index) {
    double[] all = numbers.readDoubles(prefix + "." + tensor);
    long[] shape = numbers.entry(prefix + "." + tensor).shape();
    int width = (int) shape[shape.length - 1];
    return Arrays.copyOfRange(all, index * width, (index + 1) * width);
  }

  /** One of the sequences, as a lane that starts where the recorded one did. */
  Lane lane(GoldenModel model, int sequence) {
    int[] tokens = new int[length()];
    Arrays.fill(tokens, Template.BLANK);
    if (meta.required("infill").asBoolean()) {
      int[] locations = GoldenFiles.integers(numbers, prefix + ".locations");
      int[] given = GoldenFiles.integers(numbers, prefix + ".tokens");
      for (int i = 0; i < locations.length; i++) {
        tokens[locations[i]] = given[i];
      }
    }
    DiffusionProcess process =
        new DiffusionProcess(model.process().graph(), GoldenNoise.of(meta.required("noise")));
    Predictor predictor =
        Predictor.valueOf(meta.required("predictor").asText().toUpperCase(Locale.ROOT));
    return new Lane(
        new LaneRequest(Template.of(tokens), predictor, steps(), 0),
        new DiffusionModel(model.network(), process),
        states(0, sequence));
  }
}
