package io.sedd.trainer.evaluation;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.trainer.objective.DenoisingScoreEntropy;
import io.sedd.trainer.objective.Noising;
import io.sedd.trainer.objective.NoisyBatch;
import io.sedd.trainer.objective.TimeSampling;
import io.sedd.trainer.objective.TrainingRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A bound on -ln p(blanks | the rest) of known texts: the integral of {@link DwdseBound} with noise
 * on the blanks alone, as infilling meets them. The process of the blanks, given a rest that stands
 * still, is a diffusion of its own whose scores the network is taken for.
 */
public record SpanBound(DiffusionProcess process, BoundSettings settings, Backend backend) {

  /**
   * Estimates it, per blank token.
   *
   * @param blanks of each sequence
   */
  public BoundEstimate estimate(ScoreModel model, List<int[]> sequences, List<int[]> blanks) {
    Noising noising =
        new Noising(
            process,
            settings.earliest(),
            TimeSampling.LOW_DISCREPANCY,
            new TrainingRandom(settings.seed()));
    DenoisingScoreEntropy entropy = new DenoisingScoreEntropy(process.graph(), backend);
    Tally tally = new Tally();
    try (Workspace workspace = backend.workspace()) {
      for (int first = 0; first < sequences.size(); first += settings.batch()) {
        int end = Math.min(sequences.size(), first + settings.batch());
        List<int[]> clean = sequences.subList(first, end);
        double[] loss = new double[clean.size()];
        for (int pass = 0; pass < settings.passes(); pass++) {
          double[] t = times(noising, pass, first, clean.size());
          NoisyBatch batch =
              onBlanks(noising.at(t, pass, first, clean), clean, blanks.subList(first, end));
          if (!batch.nothingWanted()) {
            long mark = workspace.mark();
            Tensor logits = model.logits(batch.input(), workspace);
            double[] ofPass = entropy.evaluate(model, logits, batch, 1, null);
            workspace.release(mark);
            Arrays.setAll(loss, s -> loss[s] + ofPass[s]);
          }
        }
        for (int s = 0; s < loss.length; s++) {
          double nats = (1 - settings.earliest()) * loss[s] / settings.passes();
          tally.add(nats, blanks.get(first + s).length);
        }
      }
    }
    return tally.estimate(0);
  }

  /** As in {@link DwdseBound}: a sequence's passes cover [earliest, 1] evenly. */
  private double[] times(Noising noising, int pass, int first, int count) {
    double[] t = new double[count];
    for (int s = 0; s < count; s++) {
      double u = noising.unit(0, first + s) + pass / (double) settings.passes();
      t[s] = settings.earliest() + (1 - settings.earliest()) * (u - Math.floor(u));
    }
    return t;
  }

  /** The same noise, taken back outside the blanks, where nothing is wanted either. */
  private static NoisyBatch onBlanks(NoisyBatch noisy, List<int[]> clean, List<int[]> blanks) {
    RowLayout layout = noisy.input().layout();
    int[] tokens = clean.stream().flatMapToInt(IntStream::of).toArray();
    BitSet blank = new BitSet(tokens.length);
    for (int s = 0; s < blanks.size(); s++) {
      for (int p : blanks.get(s)) {
        blank.set(layout.start(s) + p);
        tokens[layout.start(s) + p] = noisy.input().tokens()[layout.start(s) + p];
      }
    }
    int[] wanted = Arrays.stream(noisy.input().wanted()).filter(blank::get).toArray();
    return new NoisyBatch(
        NetworkInput.ofRows(layout, tokens, noisy.input().sigma(), wanted),
        noisy.clean(),
        noisy.rate());
  }

  /** Templates of the texts, ready to be filled. */
  static List<int[]> withBlanks(List<int[]> sequences, List<int[]> blanks, int blank) {
    List<int[]> templates = new ArrayList<>();
    for (int s = 0; s < sequences.size(); s++) {
      int[] tokens = sequences.get(s).clone();
      for (int p : blanks.get(s)) {
        tokens[p] = blank;
      }
      templates.add(tokens);
    }
    return templates;
  }
}
