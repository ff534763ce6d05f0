package io.sedd.trainer.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {

  private final StringWriter shown = new StringWriter();
  private Instant now = Instant.EPOCH;

  private String shown(boolean terminal, RunLimits limits, int steps) {
    try (ProgressDisplay display =
        new ProgressDisplay(new PrintWriter(shown), terminal, limits, () -> now)) {
      display.started(0);
      for (int step = 1; step <= steps; step++) {
        now = now.plusSeconds(6);
        display.stepTaken(new StepReport(step, 80, 2.5, 1, 1e-3, 600));
      }
    }
    return shown.toString();
  }

  @Test
  void elsewhereThanOnATerminalThereIsAPlainLineNowAndThen() {
    String shown = shown(false, new RunLimits(100, Duration.ZERO, 0, 0), 4);
    assertEquals(
        List.of(
            "training starts",
            "step 2/100  loss 80.00  2.5000 nats/token  100 tokens/s  9:48 left",
            "step 4/100  loss 80.00  2.5000 nats/token  100 tokens/s  9:36 left"),
        shown.lines().toList());
  }

  @Test
  void aTerminalGetsABarThatIsDrawnAgainInItsLine() {
    String shown = shown(true, new RunLimits(100, Duration.ZERO, 0, 0), 50);
    assertTrue(shown.contains("\r"), shown);
    assertTrue(shown.contains("[============            ] step 50/100"), shown);
  }

  @Test
  void theTimeLeftIsThatToTheWallClockLimitWhereThatComesFirst() {
    String shown = shown(false, new RunLimits(100, Duration.ofSeconds(60), 0, 0), 4);
    assertTrue(shown.contains("0:36 left"), shown);
    assertFalse(shown.contains("9:36 left"), shown);
  }
}
