package io.sedd.trainer.evaluation;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.sampling.ReverseKernel;
import io.sedd.trainer.objective.Noising;
import io.sedd.trainer.objective.NoisyBatch;
import io.sedd.trainer.objective.TimeSampling;
import io.sedd.trainer.objective.TrainingRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The part of the bound below the earliest time: E of -ln p(x0 | x_e), x_e the sequence under the
 * noise of time e and p the denoising step from there, position by position.
 *
 * @param process graph and schedule
 * @param settings earliest time, passes, batch and seed
 */
public record Reconstruction(DiffusionProcess process, BoundSettings settings, Backend backend) {

  /** Estimates it, per token; infinite where the denoising step gives a token no chance at all. */
  public BoundEstimate estimate(ScoreModel model, List<int[]> sequences) {
    Noising noising =
        new Noising(
            process,
            settings.earliest(),
            TimeSampling.INDEPENDENT,
            new TrainingRandom(~settings.seed()));
    Tally tally = new Tally();
    try (Workspace workspace = backend.workspace()) {
      for (int first = 0; first < sequences.size(); first += settings.batch()) {
        List<int[]> clean =
            sequences.subList(first, Math.min(sequences.size(), first + settings.batch()));
        double[] nats = new double[clean.size()];
        for (int pass = 0; pass < settings.passes(); pass++) {
          double[] t = new double[clean.size()];
          Arrays.fill(t, settings.earliest());
          NoisyBatch noisy = noising.at(t, pass, first, clean);
          add(model, noisy, withNoise(noisy), workspace, nats);
        }
        for (int s = 0; s < nats.length; s++) {
          tally.add(nats[s] / settings.passes(), clean.get(s).length);
        }
      }
    }
    return tally.estimate(0);
  }

  /** Sequences with a row that can have a loss; so early that is few of the absorbing graph's. */
  private static int[] withNoise(NoisyBatch noisy) {
    return IntStream.range(0, noisy.sequences())
        .filter(s -> noisy.input().wantedLayout().length(s) > 0)
        .toArray();
  }

  /** The batch of some of the sequences, which all have the earliest time. */
  private NoisyBatch some(NoisyBatch noisy, int[] sequences) {
    RowLayout layout = noisy.input().layout();
    int[] rows =
        Arrays.stream(sequences)
            .flatMap(s -> IntStream.range(layout.start(s), layout.end(s)))
            .toArray();
    double[] t = new double[sequences.length];
    Arrays.fill(t, settings.earliest());
    return NoisyBatch.of(
        process,
        RowLayout.ofLengths(Arrays.stream(sequences).map(layout::length).toArray()),
        t,
        Arrays.stream(rows).map(r -> noisy.input().tokens()[r]).toArray(),
        Arrays.stream(rows).map(r -> noisy.clean()[r]).toArray());
  }

  private void add(
      ScoreModel model, NoisyBatch noisy, int[] sequences, Workspace workspace, double[] nats) {
    if (sequences.length == 0) {
      return;
    }
    NoisyBatch batch = some(noisy, sequences);
    long mark = workspace.mark();
    Tensor logits = model.logits(batch.input(), workspace);
    float[] values = backend.read(logits);
    workspace.release(mark);
    int states = logits.columns();
    int[] wanted = batch.input().wanted();
    for (int i = 0; i < wanted.length; i++) {
      int sequence = batch.input().wantedLayout().sequenceOf(i);
      double sigma = batch.input().sigma()[sequence];
      double chance =
          chance(
              values,
              i * states,
              model.logOffset(sigma),
              batch.input().tokens()[wanted[i]],
              batch.clean()[wanted[i]],
              sigma);
      nats[sequences[sequence]] -= Math.log(chance);
    }
  }

  /** The share of x0 among the denoiser's weights. */
  private double chance(float[] logits, int at, double offset, int own, int x0, double sigma) {
    Graph graph = process.graph();
    ReverseKernel kernel = ReverseKernel.denoiser(graph, sigma);
    double[] scores = new double[graph.states()];
    for (int y = 0; y < scores.length; y++) {
      scores[y] = y == own ? 1 : Math.exp(logits[at + y] + offset);
    }
    double z = Arrays.stream(scores).sum();
    double sum = 0;
    double ofX0 = 0;
    for (int y = 0; y < scores.length; y++) {
      double weight =
          y == own
              ? kernel.gamma() + kernel.delta() * z
              : kernel.alpha() * scores[y] + kernel.beta() * z;
      sum += Math.max(0, weight);
      ofX0 = y == x0 ? Math.max(0, weight) : ofX0;
    }
    return ofX0 / sum;
  }
}
