package io.sedd.trainer.evaluation;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.trainer.objective.NextToken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The exact likelihood of sequences under a network that predicts the next token.
 *
 * @param tokens of the vocabulary
 * @param begin state before the first token of a sequence
 * @param batch sequences in one network evaluation
 */
public record NextTokenLikelihood(int tokens, int begin, int batch, Backend backend) {

  public NextTokenLikelihood {
    if (batch < 1) {
      throw new IllegalArgumentException("batch " + batch + " must be at least 1");
    }
  }

  /**
   * -ln p of every token given those before it, in nats.
   *
   * @throws IllegalArgumentException if there is no sequence, or one is longer than the network
   *     reads
   * @throws ArithmeticException naming the sequence whose likelihood is not finite
   */
  public List<double[]> nats(ScoreModel network, List<int[]> sequences) {
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("there is no sequence to evaluate on");
    }
    List<double[]> all = new ArrayList<>();
    try (Workspace workspace = backend.workspace()) {
      for (int first = 0; first < sequences.size(); first += batch) {
        int end = Math.min(sequences.size(), first + batch);
        addBatch(network, sequences.subList(first, end), workspace, all);
      }
    }
    return all;
  }

  private void addBatch(
      ScoreModel network, List<int[]> sequences, Workspace workspace, List<double[]> all) {
    int longest = sequences.stream().mapToInt(s -> s.length).max().orElseThrow();
    if (longest > network.shape().length()) {
      throw new IllegalArgumentException(
          "a sequence has %,d tokens, the network reads up to %,d"
              .formatted(longest, network.shape().length()));
    }
    RowLayout layout = RowLayout.ofLengths(sequences.stream().mapToInt(s -> s.length).toArray());
    int[] clean = sequences.stream().flatMapToInt(IntStream::of).toArray();
    long mark = workspace.mark();
    Tensor logits = network.logits(NextToken.input(layout, clean, begin), workspace);
    double[] nats = new double[clean.length];
    backend.crossEntropy(logits, tokens, clean, new double[clean.length], nats, null);
    workspace.release(mark);
    for (int s = 0; s < layout.sequences(); s++) {
      double[] ofSequence = Arrays.copyOfRange(nats, layout.start(s), layout.end(s));
      double sum = Arrays.stream(ofSequence).sum();
      if (!Double.isFinite(sum)) {
        throw new ArithmeticException("the likelihood of sequence " + all.size() + " is " + sum);
      }
      all.add(ofSequence);
    }
  }

  /** The mean over all tokens; nothing of it is a bound. */
  public BoundEstimate estimate(ScoreModel network, List<int[]> sequences) {
    Tally tally = new Tally();
    nats(network, sequences).forEach(nats -> tally.add(Arrays.stream(nats).sum(), nats.length));
    return tally.estimate(0);
  }
}
