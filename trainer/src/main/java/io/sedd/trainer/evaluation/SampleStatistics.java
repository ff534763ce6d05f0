package io.sedd.trainer.evaluation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How varied samples are.
 *
 * @param entropy of the tokens of a sample, by their frequencies in it, nats, mean over the samples
 * @param distinct1 different tokens over tokens, all samples together
 * @param distinct2 the same for pairs
 * @param distinct3 the same for triples
 * @param repetition share of a sample's runs of four tokens that occurred before in it, mean
 */
public record SampleStatistics(
    double entropy, double distinct1, double distinct2, double distinct3, double repetition) {

  private static final int REPEATED = 4;

  /** Of samples, at least one. */
  public static SampleStatistics of(List<int[]> samples) {
    return new SampleStatistics(
        samples.stream().mapToDouble(SampleStatistics::entropy).average().orElseThrow(),
        distinct(samples, 1),
        distinct(samples, 2),
        distinct(samples, 3),
        samples.stream()
            .mapToDouble(sample -> 1 - distinct(List.of(sample), REPEATED))
            .average()
            .orElseThrow());
  }

  private static double entropy(int[] sample) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (int token : sample) {
      counts.merge(token, 1, Integer::sum);
    }
    double n = sample.length;
    return counts.values().stream().mapToDouble(c -> -c / n * Math.log(c / n)).sum();
  }

  /** 1 where no sample is that long. */
  private static double distinct(List<int[]> samples, int length) {
    Set<List<Integer>> different = new HashSet<>();
    long all = 0;
    for (int[] sample : samples) {
      for (int from = 0; from + length <= sample.length; from++) {
        different.add(
            Arrays.stream(Arrays.copyOfRange(sample, from, from + length)).boxed().toList());
        all++;
      }
    }
    return all == 0 ? 1 : different.size() / (double) all;
  }
}
