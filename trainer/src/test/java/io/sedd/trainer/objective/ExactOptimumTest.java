package io.sedd.trainer.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The expected loss of every objective, exact by summing over all clean and noisy sequences of two
 * tokens, has its one minimum where the output is the true one: log scores, logits of the clean
 * token, logits of the next token.
 */
class ExactOptimumTest {

  private static final int TOKENS = 3;
  private static final double TIME = 0.6;

  /** Probabilities of the nine pairs; nothing about them is special. */
  private static final double[] P0 = {0.2, 0.05, 0.1, 0.02, 0.25, 0.08, 0.1, 0.15, 0.05};

  @ParameterizedTest
  @EnumSource
  void theTrueOutputIsTheMinimum(CheckpointConfig.Objective type) {
    check(type, new Graph.Absorbing(TOKENS));
    if (type != CheckpointConfig.Objective.AUTOREGRESSIVE) {
      check(type, new Graph.Uniform(TOKENS));
    }
  }

  private static void check(CheckpointConfig.Objective type, Graph graph) {
    try (Backend backend = new ReferenceBackend()) {
      Expected expected = new Expected(type, graph, backend);
      Table truth = expected.truth();
      Map<Long, float[]> slopes = new HashMap<>();
      double least = expected.loss(truth, slopes);
      double largest =
          slopes.values().stream()
              .mapToDouble(row -> Math.max(max(row), -min(row)))
              .max()
              .orElseThrow();
      assertEquals(0, largest, 2e-5, type + ", " + graph + ": slope at the truth");
      Random random = new Random(8);
      for (int i = 0; i < 20; i++) {
        double loss = expected.loss(truth.shaken(random), new HashMap<>());
        assertTrue(loss > least + 1e-4, type + ", " + graph + ": " + loss + " after " + least);
      }
    }
  }

  private static double max(float[] row) {
    double max = 0;
    for (float value : row) {
      max = Math.max(max, value);
    }
    return max;
  }

  private static double min(float[] row) {
    double min = 0;
    for (float value : row) {
      min = Math.min(min, value);
    }
    return min;
  }

  /** A row's output for every (sequence as the network reads it, position). */
  private record Table(Map<Long, float[]> rows) {

    Table shaken(Random random) {
      Map<Long, float[]> shaken = new HashMap<>();
      rows.forEach(
          (key, row) -> {
            float[] other = row.clone();
            for (int y = 0; y < other.length; y++) {
              other[y] += (float) (0.3 * random.nextGaussian());
            }
            shaken.put(key, other);
          });
      return new Table(shaken);
    }
  }

  /** The expectation over clean pairs, their noise, and the choices of an objective. */
  private record Expected(CheckpointConfig.Objective type, Graph graph, Backend backend) {

    private DiffusionProcess process() {
      return new DiffusionProcess(graph, new NoiseSchedule.LogLinear());
    }

    private double sigma() {
      return process().noise().total(TIME);
    }

    /** Under a causal mask the first position does not see the second. */
    private long key(int[] read, int position) {
      int v = graph.states();
      boolean blind = type == CheckpointConfig.Objective.AUTOREGRESSIVE && position == 0;
      return ((long) read[0] * v + (blind ? 0 : read[1])) * 2 + position;
    }

    /** The sum over everything; adds the slopes of every row. */
    double loss(Table table, Map<Long, float[]> slopes) {
      double loss = 0;
      int v = graph.states();
      for (int clean = 0; clean < P0.length; clean++) {
        int[] x0 = {clean / TOKENS, clean % TOKENS};
        for (int noisy = 0; noisy < v * v; noisy++) {
          int[] x = {noisy / v, noisy % v};
          double p =
              P0[clean]
                  * graph.transition(x0[0], x[0], sigma())
                  * graph.transition(x0[1], x[1], sigma());
          if (p > 0) {
            loss += of(x, x0, p, table, slopes);
          }
        }
      }
      return loss;
    }

    private double of(int[] x, int[] x0, double p, Table table, Map<Long, float[]> slopes) {
      RowLayout layout = RowLayout.ofLengths(2);
      NoisyBatch batch = NoisyBatch.of(process(), layout, new double[] {TIME}, x, x0);
      List<Objective> choices = choices();
      double loss = 0;
      for (Objective objective : choices) {
        loss += of(objective.ask(batch, 0, 0), p / choices.size(), table, slopes);
      }
      return loss;
    }

    /**
     * One objective, or for the implicit one as many as there are neighbours: its choice is a
     * function of the seed, so seeds are searched until the choices cover all evenly.
     */
    private List<Objective> choices() {
      if (type != CheckpointConfig.Objective.IMPLICIT_SCORE_ENTROPY) {
        return List.of(Objective.of(type, process(), new TrainingRandom(1), backend));
      }
      Objective[] byChoice = new Objective[4];
      for (long seed = 0; Arrays.asList(byChoice).contains(null); seed++) {
        TrainingRandom random = new TrainingRandom(seed);
        int position = random.uniform(TrainingRandom.Purpose.NEIGHBOUR, 0, 0, 0) < 0.5 ? 0 : 1;
        int state = random.uniform(TrainingRandom.Purpose.NEIGHBOUR, 0, 0, 1) < 0.5 ? 0 : 1;
        byChoice[2 * position + state] = Objective.of(type, process(), random, backend);
      }
      return List.of(byChoice);
    }

    private double of(Question question, double p, Table table, Map<Long, float[]> slopes) {
      int[] wanted = question.input().wanted();
      int v = graph.states();
      if (wanted.length == 0) {
        return 0;
      }
      long[] keys = new long[wanted.length];
      float[] values = new float[wanted.length * v];
      for (int i = 0; i < wanted.length; i++) {
        int first = wanted[i] - question.input().wantedLayout().positionOf(i);
        int[] tokens = question.input().tokens();
        keys[i] =
            key(
                new int[] {tokens[first], tokens[first + 1]},
                question.input().wantedLayout().positionOf(i));
        System.arraycopy(table.rows().get(keys[i]), 0, values, i * v, v);
      }
      try (Tensor logits = backend.allocate(wanted.length, v)) {
        backend.write(MemorySegment.ofArray(values), logits);
        double[] loss = question.loss().evaluate(new TabledScores(graph), logits, p, logits);
        float[] gradient = backend.read(logits);
        for (int i = 0; i < keys.length; i++) {
          float[] sum = slopes.computeIfAbsent(keys[i], _ -> new float[v]);
          for (int y = 0; y < v; y++) {
            sum[y] += gradient[i * v + y];
          }
        }
        return p * Arrays.stream(loss).sum();
      }
    }

    /** The true output of every sequence and position that has a probability. */
    Table truth() {
      Map<Long, float[]> rows = new HashMap<>();
      int v = graph.states();
      for (int a = 0; a < v; a++) {
        for (int b = 0; b < v; b++) {
          for (int position = 0; position < 2; position++) {
            int[] read = {a, b};
            rows.put(key(read, position), truth(read, position));
          }
        }
      }
      return new Table(rows);
    }

    private float[] truth(int[] read, int position) {
      float[] row = new float[graph.states()];
      for (int y = 0; y < row.length; y++) {
        double value =
            switch (type) {
              case SCORE_ENTROPY, IMPLICIT_SCORE_ENTROPY, CONCRETE_SCORE_MATCHING -> {
                int[] moved = read.clone();
                moved[position] = y;
                yield marginal(moved) / marginal(read);
              }
              case MEAN_PREDICTION -> y < TOKENS ? posterior(read, position, y) : 1;
              case AUTOREGRESSIVE -> y < TOKENS ? next(read, position, y) : 1;
            };
        row[y] = (float) Math.log(Math.max(value, 1e-30));
      }
      return row;
    }

    private double marginal(int[] x) {
      double sum = 0;
      for (int clean = 0; clean < P0.length; clean++) {
        sum += joint(clean, x);
      }
      return sum;
    }

    private double joint(int clean, int[] x) {
      return P0[clean]
          * graph.transition(clean / TOKENS, x[0], sigma())
          * graph.transition(clean % TOKENS, x[1], sigma());
    }

    private double posterior(int[] x, int position, int token) {
      double sum = 0;
      for (int clean = 0; clean < P0.length; clean++) {
        int there = position == 0 ? clean / TOKENS : clean % TOKENS;
        sum += there == token ? joint(clean, x) : 0;
      }
      return sum / marginal(x);
    }

    /** The network reads the beginning and the first token; position 1 predicts the second. */
    private double next(int[] read, int position, int token) {
      double[] first = new double[TOKENS];
      for (int clean = 0; clean < P0.length; clean++) {
        first[clean / TOKENS] += P0[clean];
      }
      return position == 0
          ? first[token]
          : read[1] < TOKENS ? P0[read[1] * TOKENS + token] / first[read[1]] : 1;
    }
  }
}
