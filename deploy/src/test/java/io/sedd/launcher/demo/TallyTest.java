package io.sedd.launcher.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.launcher.demo.Outcomes.Outcome;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The demo's verdict can be a bad one. */
class TallyTest {

  private static final DemoJob TEXT =
      new DemoJob("text", "a text", "{}", new Expectation.Completed(1));
  private static final DemoJob BAD =
      new DemoJob("bad", "no job", "{}", new Expectation.DeadLetter(JobError.Code.NOT_JSON));

  private final Tally tally = new Tally();

  @Test
  void aJobThatHasNotEndedIsASurprise() {
    tally.sent(TEXT);
    assertEquals(List.of("text"), tally.waiting());
    assertTrue(tally.surprises().contains("text has not ended"), tally.surprises().toString());
  }

  @Test
  void aJobThatEndsTwiceIsASurprise() {
    tally.sent(TEXT);
    tally.add(completed("step-1"));
    tally.add(completed("step-1"));
    assertTrue(tally.surprises().contains("text ended twice"), tally.surprises().toString());
  }

  @Test
  void aDeadLetterWithTheWrongReasonIsASurprise() {
    tally.sent(BAD);
    tally.add(new Outcome.DeadLetter("bad", "too_large", "so large"));
    assertEquals(List.of(), tally.waiting());
    assertTrue(tally.surprises().getFirst().startsWith("bad should end"));
  }

  @Test
  void textsOfOneCheckpointOnlyAreASurprise() {
    tally.sent(TEXT);
    tally.add(completed("step-1"));
    assertEquals(1, tally.surprises().size());
    assertTrue(tally.surprises().getFirst().contains("no checkpoint was swapped in"));
  }

  @Test
  void anOutcomeOfAJobThatWasNeverSentIsAnError() {
    assertThrows(IllegalStateException.class, () -> tally.add(completed("step-1")));
  }

  private static Outcome completed(String checkpoint) {
    return new Outcome.Result(
        new GenerationResult(
            "text",
            GenerationResult.Outcome.COMPLETED,
            List.of(new GenerationResult.Sample("Once.", List.of(1), 7, 0)),
            Optional.of(new GenerationResult.CheckpointName(checkpoint, "0".repeat(64))),
            8,
            8,
            1,
            1,
            "worker",
            Map.of(),
            Optional.empty()));
  }
}
