package io.sedd.worker.canary;

import io.sedd.protocol.job.GenerationResult;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/**
 * What a job's tokens say of the checkpoint that wrote them, whole template included: the given
 * parts are alike on both sides.
 */
final class TextStatistics {

  /** Tokens in a row that count as repeated when they came before. */
  private static final int RUN = 4;

  private TextStatistics() {}

  /**
   * Entropy of the tokens' frequencies over its maximum, the logarithm of their number; in [0, 1].
   * The mean of the samples of at least {@value #RUN} tokens; nothing if there is none.
   */
  static OptionalDouble entropy(GenerationResult result) {
    return mean(result, TextStatistics::entropy);
  }

  /**
   * Share of the runs of {@value #RUN} tokens that occurred before in the same sample; in [0, 1).
   * The mean of the samples of at least {@value #RUN} tokens; nothing if there is none.
   */
  static OptionalDouble repetition(GenerationResult result) {
    return mean(result, TextStatistics::repetition);
  }

  private static OptionalDouble mean(
      GenerationResult result, Function<List<Integer>, Double> statistic) {
    return result.samples().stream()
        .map(GenerationResult.Sample::tokens)
        .filter(tokens -> tokens.size() >= RUN)
        .mapToDouble(statistic::apply)
        .average();
  }

  private static double entropy(List<Integer> tokens) {
    Map<Integer, Integer> counts = new HashMap<>();
    tokens.forEach(token -> counts.merge(token, 1, Integer::sum));
    return entropy(counts.values(), tokens.size()) / Math.log(tokens.size());
  }

  /** -sum p ln p. */
  private static double entropy(Collection<Integer> counts, int total) {
    double sum = 0;
    for (int count : counts) {
      double p = count / (double) total;
      sum -= p * Math.log(p);
    }
    return sum;
  }

  private static double repetition(List<Integer> tokens) {
    Set<List<Integer>> runs = new HashSet<>();
    int all = tokens.size() - RUN + 1;
    for (int i = 0; i < all; i++) {
      runs.add(tokens.subList(i, i + RUN));
    }
    return 1 - runs.size() / (double) all;
  }
}
