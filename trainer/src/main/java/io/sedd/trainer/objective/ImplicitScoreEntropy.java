package io.sedd.trainer.objective;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.ScoreTerm;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.process.Graph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Implicit score entropy (arXiv 2310.16834, proposition 3.3): without the clean text and without
 * its constant, of each noisy sequence g(t) times
 *
 * <pre>
 *   sum over neighbours y of Q(x, y) s(x -> y) - sum over neighbours y of Q(y, x) ln s(y -> x)
 * </pre>
 *
 * The second sum is estimated from a few neighbours y, at which the network is asked too. It has
 * the optimum of score entropy, with more variance.
 */
public final class ImplicitScoreEntropy implements Objective {

  private final Graph graph;
  private final Neighbours neighbours;
  private final int count;
  private final Backend backend;

  /**
   * @param random source of the neighbours
   * @param count neighbours of each sequence
   */
  public ImplicitScoreEntropy(Graph graph, TrainingRandom random, int count, Backend backend) {
    this.graph = graph;
    this.neighbours = new Neighbours(graph, random);
    this.count = count;
    this.backend = backend;
  }

  /**
   * A row that is wanted beside those of the noisy sequences.
   *
   * @param sequence which one's neighbour it belongs to
   * @param target state of that sequence here, whose score is wanted
   */
  private record Extra(int sequence, int row, int target, double rates) {}

  @Override
  public Question ask(NoisyBatch batch, int step, int first) {
    RowLayout plain = batch.input().layout();
    int[] x = batch.input().tokens();
    List<Extra> extras = new ArrayList<>();
    List<int[]> sequences = new ArrayList<>();
    List<Double> sigma = new ArrayList<>();
    for (int s = 0; s < batch.sequences(); s++) {
      sequences.add(Arrays.copyOfRange(x, plain.start(s), plain.end(s)));
      sigma.add(batch.input().sigma()[s]);
    }
    int rows = x.length;
    for (int s = 0; s < batch.sequences(); s++) {
      for (int n = 0; n < count; n++) {
        Neighbours.Neighbour y = neighbours.of(plain, x, s, step, first, n);
        if (y != null) {
          int[] moved = sequences.get(s).clone();
          moved[y.row() - plain.start(s)] = y.state();
          extras.add(new Extra(s, rows + y.row() - plain.start(s), x[y.row()], y.rates() / count));
          sequences.add(moved);
          sigma.add(batch.input().sigma()[s]);
          rows += moved.length;
        }
      }
    }
    NetworkInput input =
        NetworkInput.ofRows(
            RowLayout.ofLengths(sequences.stream().mapToInt(q -> q.length).toArray()),
            sequences.stream().flatMapToInt(IntStream::of).toArray(),
            sigma.stream().mapToDouble(Double::doubleValue).toArray(),
            IntStream.concat(
                    IntStream.of(batch.input().wanted()), extras.stream().mapToInt(Extra::row))
                .toArray());
    return new Question(
        input,
        batch.sequences(),
        (model, logits, share, gradient) ->
            evaluate(model, logits, batch, input, extras, share, gradient));
  }

  private double[] evaluate(
      ScoreModel model,
      Tensor logits,
      NoisyBatch batch,
      NetworkInput input,
      List<Extra> extras,
      double share,
      Tensor gradient) {
    int plain = batch.input().wanted().length;
    int[] own = input.wantedTokens();
    int[] target = own.clone();
    int[] sequence = new int[own.length];
    List<ScoreTerm> terms = new ArrayList<>(own.length);
    for (int i = 0; i < own.length; i++) {
      boolean noisy = i < plain;
      sequence[i] =
          noisy ? batch.input().wantedLayout().sequenceOf(i) : extras.get(i - plain).sequence();
      double offset = model.logOffset(batch.input().sigma()[sequence[i]]);
      double weight = share * batch.rate()[sequence[i]];
      if (noisy) {
        terms.add(new ScoreTerm(offset, 0, rate(), 0, 0, 0, 0, weight));
      } else {
        Extra extra = extras.get(i - plain);
        target[i] = extra.target();
        terms.add(new ScoreTerm(offset, 0, 0, 0, 0, extra.rates(), 0, weight));
      }
    }
    double[] ofRows = new double[own.length];
    backend.scoreLoss(logits, own, target, terms, ofRows, gradient);
    double[] loss = new double[batch.sequences()];
    for (int i = 0; i < ofRows.length; i++) {
      loss[sequence[i]] += batch.rate()[sequence[i]] * ofRows[i];
    }
    return loss;
  }

  /** Q(x, y) of every move that can have led to x. */
  private double rate() {
    return switch (graph) {
      case Graph.Absorbing _ -> 1;
      case Graph.Uniform uniform -> 1.0 / uniform.states();
    };
  }
}
