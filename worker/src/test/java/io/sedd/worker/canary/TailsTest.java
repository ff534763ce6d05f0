package io.sedd.worker.canary;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TailsTest {

  @Test
  void studentsTailIsThatOfTheTables() {
    // quantiles from the usual tables: P(T > t)
    assertEquals(0.05, Tails.student(6.3138, 1), 1e-5);
    assertEquals(0.025, Tails.student(2.2281, 10), 1e-5);
    assertEquals(0.0005, Tails.student(3.4960, 50), 1e-6);
    assertEquals(0.5, Tails.student(0, 7), 1e-12);
    assertEquals(0.95, Tails.student(-6.3138, 1), 1e-5);
    // many degrees of freedom: the normal distribution
    assertEquals(0.0013499, Tails.student(3, 1e7), 1e-6);
  }

  @Test
  void theHypergeometricTailIsASumThatCanBeCountedOut() {
    // 2 of 4 drawn, 2 of 4 marked: 1 of 6 ways has both, 5 of 6 have at least one
    assertEquals(1 / 6.0, Tails.hypergeometric(2, 2, 2, 4), 1e-12);
    assertEquals(5 / 6.0, Tails.hypergeometric(1, 2, 2, 4), 1e-12);
    assertEquals(1, Tails.hypergeometric(0, 10, 3, 1000), 1e-12);
    // one failure in the tenth of the jobs that the candidate had says nothing
    assertEquals(0.1, Tails.hypergeometric(1, 100, 1, 1000), 1e-9);
  }
}
