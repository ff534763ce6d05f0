package io.sedd.trainer.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BoundEstimateTest {

  @Test
  void addsThePriorToTheIntegral() {
    assertEquals(2.5, new BoundEstimate(2, 0.1, 10, 100, 0.5).bound());
  }

  @Test
  void givesBitsForEachCharacter() {
    BoundEstimate estimate = new BoundEstimate(Math.log(2) * 6, 0, 10, 100, 0);
    assertEquals(2, estimate.bitsPer(3), 1e-12);
  }

  @Test
  void weighsSequencesByTheirTokens() {
    Tally tally = new Tally();
    tally.add(10, 10);
    tally.add(60, 20);
    BoundEstimate estimate = tally.estimate(0);
    assertEquals(70.0 / 30, estimate.nats(), 1e-12);
    assertEquals(30, estimate.tokens());
  }

  /** Equal lengths: the standard deviation of the mean, as in any textbook. */
  @Test
  void givesTheStandardErrorOfTheMean() {
    Tally tally = new Tally();
    for (double loss : new double[] {1, 2, 3, 4}) {
      tally.add(loss, 1);
    }
    assertEquals(Math.sqrt(5.0 / 3 / 4), tally.estimate(0).standardError(), 1e-12);
  }

  @Test
  void hasNoStandardErrorFromOneSequence() {
    Tally tally = new Tally();
    tally.add(3, 2);
    assertTrue(Double.isNaN(tally.estimate(0).standardError()));
  }
}
