package io.sedd.trainer.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NoisingTest {

  private static final DiffusionProcess ABSORBING =
      new DiffusionProcess(new Graph.Absorbing(10), new NoiseSchedule.LogLinear());
  private static final DiffusionProcess UNIFORM =
      new DiffusionProcess(new Graph.Uniform(10), new NoiseSchedule.LogLinear());

  private static Noising noising(DiffusionProcess process, TimeSampling times) {
    return new Noising(process, 1e-3, times, new TrainingRandom(7));
  }

  private static List<int[]> sequences(int count, int length) {
    return Collections.nCopies(count, new int[length]);
  }

  @Test
  void aStepMayBeCutIntoBatchesAnywhere() {
    for (TimeSampling times : TimeSampling.values()) {
      Noising noising = noising(UNIFORM, times);
      NoisyBatch whole = noising.apply(3, 0, sequences(6, 5));
      NoisyBatch tail = noising.apply(3, 4, sequences(2, 5));
      assertArrayEquals(Arrays.copyOfRange(whole.input().tokens(), 20, 30), tail.input().tokens());
      assertArrayEquals(Arrays.copyOfRange(whole.input().sigma(), 4, 6), tail.input().sigma());
    }
  }

  @Test
  void anotherStepGetsOtherNoise() {
    Noising noising = noising(UNIFORM, TimeSampling.INDEPENDENT);
    NoisyBatch one = noising.apply(0, 0, sequences(4, 50));
    NoisyBatch other = noising.apply(1, 0, sequences(4, 50));
    assertNotEquals(one.input().sigma()[0], other.input().sigma()[0]);
    assertTrue(!Arrays.equals(one.input().tokens(), other.input().tokens()));
  }

  @Test
  void onlyMaskedRowsOfTheAbsorbingGraphAreWanted() {
    NoisyBatch batch = noising(ABSORBING, TimeSampling.INDEPENDENT).apply(0, 0, sequences(8, 40));
    int[] tokens = batch.input().tokens();
    int[] masked = IntStream.range(0, tokens.length).filter(r -> tokens[r] == 10).toArray();
    assertArrayEquals(masked, batch.input().wanted());
    assertTrue(IntStream.of(tokens).allMatch(token -> token == 0 || token == 10));
  }

  @Test
  void everyRowOfTheUniformGraphIsWanted() {
    NoisyBatch batch = noising(UNIFORM, TimeSampling.INDEPENDENT).apply(0, 0, sequences(2, 9));
    assertTrue(batch.input().wantsAll());
  }

  /** 40,000 positions, limit 5 standard deviations: false alarms below one in a million. */
  @Test
  void asManyPositionsMoveAsTheScheduleSays() {
    double t = 0.3;
    int positions = 40_000;
    double[] times = {t};
    NoisyBatch masked =
        noising(ABSORBING, TimeSampling.INDEPENDENT).at(times, 0, 0, sequences(1, positions));
    double expected = (1 - 1e-3) * t;
    assertShare(expected, masked.input().wanted().length, positions);
    NoisyBatch replaced =
        noising(UNIFORM, TimeSampling.INDEPENDENT).at(times, 0, 0, sequences(1, positions));
    long other = IntStream.of(replaced.input().tokens()).filter(token -> token != 0).count();
    assertShare(expected * 0.9, other, positions);
  }

  private static void assertShare(double expected, long count, int of) {
    double deviation = Math.sqrt(expected * (1 - expected) / of);
    assertEquals(expected, count / (double) of, 5 * deviation);
  }

  /** A golden-ratio run of n leaves no gap above (1 + φ)/n; independent times do. */
  @Test
  void lowDiscrepancyTimesCoverTheWholeIntervalEvenly() {
    Noising noising = noising(ABSORBING, TimeSampling.LOW_DISCREPANCY);
    for (int step = 0; step < 5; step++) {
      int at = step;
      double[] u = IntStream.range(0, 100).mapToDouble(i -> noising.unit(at, i)).sorted().toArray();
      double gap = 1 - u[99] + u[0];
      for (int i = 1; i < u.length; i++) {
        gap = Math.max(gap, u[i] - u[i - 1]);
      }
      assertTrue(gap < 0.0262, "step " + step + " has a gap of " + gap);
    }
    assertNotEquals(noising.unit(0, 0), noising.unit(1, 0));
  }

  @Test
  void timesLieBetweenTheEarliestAndOne() {
    for (TimeSampling times : TimeSampling.values()) {
      NoisyBatch batch = noising(ABSORBING, times).apply(0, 0, sequences(1000, 1));
      double lowest = ABSORBING.noise().total(1e-3);
      double highest = ABSORBING.noise().total(1);
      assertTrue(Arrays.stream(batch.input().sigma()).allMatch(s -> s >= lowest && s <= highest));
    }
  }
}
