package io.sedd.trainer.evaluation;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.sampling.DiffusionModel;
import io.sedd.diffusion.sampling.Template;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Fills blanks of known texts and compares with what stood there.
 *
 * @param pattern of the blanks
 * @param generation how they are filled
 * @param settings of the likelihood
 */
public record Infilling(
    BlankPattern pattern, Generation generation, BoundSettings settings, Backend backend) {

  /**
   * What came of it.
   *
   * @param rate share of blanks
   * @param tokens share of blank tokens that were filled as they were
   * @param spans share of texts all of whose blanks were
   * @param bound on -ln p(blanks | the rest), per blank token
   */
  public record Outcome(double rate, double tokens, double spans, BoundEstimate bound) {}

  /** Fills texts at one rate. */
  public Outcome at(double rate, DiffusionModel model, List<int[]> sequences) {
    List<int[]> blanks = blanks(rate, sequences);
    List<Template> templates =
        SpanBound.withBlanks(sequences, blanks, Template.BLANK).stream().map(Template::of).toList();
    List<int[]> filled = generation.fill(model, templates, backend);
    long right = 0;
    long all = 0;
    int whole = 0;
    for (int s = 0; s < sequences.size(); s++) {
      int[] was = sequences.get(s);
      int[] is = filled.get(s);
      long same = Arrays.stream(blanks.get(s)).filter(p -> was[p] == is[p]).count();
      right += same;
      all += blanks.get(s).length;
      whole += same == blanks.get(s).length ? 1 : 0;
    }
    return new Outcome(
        rate,
        right / (double) all,
        whole / (double) sequences.size(),
        new SpanBound(model.process(), settings, backend)
            .estimate(model.scores(), sequences, blanks));
  }

  /** The blanks of each text; the same for the same seed. */
  public List<int[]> blanks(double rate, List<int[]> sequences) {
    return IntStream.range(0, sequences.size())
        .mapToObj(s -> pattern.blanks(sequences.get(s).length, rate, generation.seed() * 31 + s))
        .toList();
  }

  /**
   * What a model of the next token says of the same blanks: it sees what stands before them only.
   *
   * @return -ln p(blanks | before), per blank token
   */
  public BoundEstimate fromTheLeft(double rate, LanguageModel model, List<int[]> sequences) {
    List<int[]> blanks = blanks(rate, sequences);
    List<double[]> nats =
        new ArrayList<>(
            model.likelihood(settings.batch(), backend).nats(model.network(), sequences));
    Tally tally = new Tally();
    for (int s = 0; s < nats.size(); s++) {
      double[] ofSequence = nats.get(s);
      tally.add(
          Arrays.stream(blanks.get(s)).mapToDouble(p -> ofSequence[p]).sum(), blanks.get(s).length);
    }
    return tally.estimate(0);
  }
}
