package io.sedd.trainer.evaluation;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.process.Graph;
import io.sedd.trainer.objective.DenoisingScoreEntropy;
import io.sedd.trainer.objective.Noising;
import io.sedd.trainer.objective.NoisyBatch;
import io.sedd.trainer.objective.TimeSampling;
import io.sedd.trainer.objective.TrainingRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * The bound on the negative log likelihood of clean sequences (arXiv 2310.16834, theorem 3.6):
 *
 * <pre>
 *   -ln p(x0) <= D(0) + KL(p(x_1|x0) || prior)
 *   D(e) = integral from e to 1 of g(t) E[sum over positions of the score entropy] dt
 *        = (1 - e) · mean of the training loss with t uniform on [e, 1]
 * </pre>
 *
 * What is estimated is D(earliest): the part of the integral below {@code earliest} is left out.
 */
public final class DwdseBound {

  private final Noising noising;
  private final DenoisingScoreEntropy entropy;
  private final BoundSettings settings;
  private final Backend backend;
  private final InstantSource clock;

  public DwdseBound(
      DiffusionProcess process, BoundSettings settings, Backend backend, InstantSource clock) {
    this.noising =
        new Noising(
            process,
            settings.earliest(),
            TimeSampling.LOW_DISCREPANCY,
            new TrainingRandom(settings.seed()));
    this.entropy = new DenoisingScoreEntropy(process.graph(), backend);
    this.settings = settings;
    this.backend = backend;
    this.clock = clock;
  }

  /**
   * Estimates the bound on sequences; where the time limit cuts it short, on the first of them, at
   * least one batch.
   *
   * @throws IllegalArgumentException if there is no sequence
   * @throws ArithmeticException naming the sequence whose loss is not finite
   */
  public BoundEstimate estimate(ScoreModel model, List<int[]> sequences) {
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("there is no held-out sequence to evaluate on");
    }
    Instant begin = clock.instant();
    Tally tally = new Tally();
    try (Workspace workspace = backend.workspace()) {
      for (int first = 0; first < sequences.size(); first += settings.batch()) {
        if (first > 0 && timeIsUp(begin)) {
          break;
        }
        int end = Math.min(sequences.size(), first + settings.batch());
        addBatch(model, sequences.subList(first, end), first, workspace, tally);
      }
    }
    return tally.estimate(priorDivergence());
  }

  private boolean timeIsUp(Instant begin) {
    return !settings.limit().isZero()
        && Duration.between(begin, clock.instant()).compareTo(settings.limit()) > 0;
  }

  private void addBatch(
      ScoreModel model, List<int[]> clean, int first, Workspace workspace, Tally tally) {
    double[] loss = new double[clean.size()];
    for (int pass = 0; pass < settings.passes(); pass++) {
      double[] t = times(pass, first, clean.size());
      NoisyBatch batch = noising.at(t, pass, first, clean);
      if (batch.nothingWanted()) {
        continue;
      }
      long mark = workspace.mark();
      Tensor logits = model.logits(batch.input(), workspace);
      double[] ofPass = entropy.evaluate(model, logits, batch, 1, null);
      workspace.release(mark);
      for (int s = 0; s < loss.length; s++) {
        loss[s] += ofPass[s];
      }
    }
    for (int s = 0; s < loss.length; s++) {
      double d = (1 - settings.earliest()) * loss[s] / settings.passes();
      if (!Double.isFinite(d)) {
        throw new ArithmeticException("the loss of held-out sequence " + (first + s) + " is " + d);
      }
      tally.add(d, clean.get(s).length);
    }
  }

  /** A sequence's passes share its low-discrepancy number, shifted by equal parts of [0, 1). */
  private double[] times(int pass, int first, int count) {
    double[] t = new double[count];
    for (int s = 0; s < count; s++) {
      double u = noising.unit(0, first + s) + pass / (double) settings.passes();
      t[s] = settings.earliest() + (1 - settings.earliest()) * (u - Math.floor(u));
    }
    return t;
  }

  /** KL(p(x_1|x0) || prior) of one position; 0 stands for the absorbing graph's, see the record. */
  private double priorDivergence() {
    return switch (noising.process().graph()) {
      case Graph.Absorbing _ -> 0;
      case Graph.Uniform uniform -> {
        double v = uniform.states();
        double left = Math.exp(-noising.process().noise().total(1));
        double stayed = (1 + (v - 1) * left) / v;
        yield stayed * Math.log1p((v - 1) * left) + (1 - stayed) * Math.log1p(-left);
      }
    };
  }
}
