package io.sedd.worker.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.CheckpointName;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.GenerationResult.Sample;
import io.sedd.protocol.job.JobCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An account that finds nothing wrong shows something only if it finds what is wrong. */
class LedgerTest {

  private final Ledger ledger = new Ledger();

  @Test
  void oneResultForEveryJobIsInOrder() {
    ledger.sent("a", Fate.COMPLETES);
    assertEquals(1, ledger.open());
    ledger.result(completed("a", "text"));
    assertEquals(0, ledger.open());
    ledger.audit(Mode.EXACTLY_ONCE).requireClean();
  }

  @Test
  void aLostJobIsFound() {
    ledger.sent("a", Fate.COMPLETES);
    assertThrows(AssertionError.class, ledger.audit(Mode.SHARE_GROUP)::requireClean);
  }

  @Test
  void aDoubleIsFoundInTheModeThatAllowsNone() {
    ledger.sent("a", Fate.COMPLETES);
    ledger.result(completed("a", "text"));
    ledger.result(completed("a", "text"));
    assertEquals(1, ledger.audit(Mode.EXACTLY_ONCE).problems().size());
    Audit shared = ledger.audit(Mode.SHARE_GROUP);
    shared.requireClean();
    assertEquals(1, shared.doubles());
  }

  @Test
  void doublesWithDifferentTextsAreFoundInEveryMode() {
    ledger.sent("a", Fate.COMPLETES);
    ledger.result(completed("a", "text"));
    ledger.result(completed("a", "other"));
    assertTrue(ledger.audit(Mode.SHARE_GROUP).problems().getFirst().contains("different texts"));
  }

  @Test
  void aWrongOutcomeAMissingDeadLetterAndAnUnknownJobAreFound() {
    ledger.sent("a", Fate.IS_REFUSED);
    ledger.result(completed("a", "text"));
    ledger.result(completed("never sent", "text"));
    assertEquals(1, ledger.open());
    assertEquals(3, ledger.audit(Mode.EXACTLY_ONCE).problems().size());
  }

  @Test
  void whatCannotBeReadNeedsItsDeadLetterAndNoResult() {
    ledger.sent("a", Fate.IS_UNREADABLE);
    ledger.deadLetter("a".getBytes(UTF_8));
    assertEquals(0, ledger.open());
    ledger.audit(Mode.EXACTLY_ONCE).requireClean();
  }

  private static byte[] completed(String id, String text) {
    return JobCodec.encode(
        new GenerationResult(
            id,
            Outcome.COMPLETED,
            List.of(new Sample(text, List.of(1), 7, 0)),
            Optional.of(new CheckpointName("c", "0".repeat(64))),
            1,
            1,
            0,
            0,
            "w",
            Map.of(),
            Optional.empty()));
  }
}
