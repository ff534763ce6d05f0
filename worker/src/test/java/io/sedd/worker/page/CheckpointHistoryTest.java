package io.sedd.worker.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sedd.worker.reload.ReloadStatus;
import io.sedd.worker.scheduling.MovableClock;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckpointHistoryTest {

  private final MovableClock clock = new MovableClock(Instant.EPOCH);
  private final Notices notices = new Notices(clock);
  private final CheckpointHistory history = new CheckpointHistory(notices, clock);

  @Test
  void everyCheckpointThatServedIsNamedTheNewestFirstAndToldOnce() {
    history.accept(status("a", null, null));
    history.accept(status("b", null, null));
    history.accept(status("b", "c is refused", null));
    history.accept(status("b", "c is refused", null));
    JsonObject json = history.toJson();
    assertEquals("b", json.getString("serving"));
    assertEquals("c is refused", json.getString("refused"));
    assertEquals(
        List.of("b", "a"),
        json.getJsonArray("history").stream()
            .map(h -> ((JsonObject) h).getString("name"))
            .toList());
    assertEquals(
        List.of("Serves a", "Serves b instead of a, without a pause", "c is refused"),
        notices.after(0).stream().map(Notice::text).toList());
  }

  @Test
  void aTrialIsToldOnceHoweverManyJobsItCounts() {
    history.accept(status("a", null, new ReloadStatus.Candidate("b", 0, 0)));
    history.accept(status("a", null, new ReloadStatus.Candidate("b", 5, 9)));
    assertEquals(2, notices.after(0).size());
    assertEquals(5, history.toJson().getJsonObject("candidate").getLong("jobs"));
    history.accept(status("a", null, null));
    assertFalse(history.toJson().containsKey("candidate"));
  }

  @Test
  void onlyTheLastNoticesAreKept() {
    for (int i = 0; i < 3 * Notices.KEPT; i++) {
      notices.add(Notice.Kind.DEAD_LETTER, "no " + i);
    }
    List<Notice> kept = notices.after(0);
    assertEquals(Notices.KEPT, kept.size());
    assertEquals(3 * Notices.KEPT, kept.getLast().number());
    assertEquals(List.of(), notices.after(3 * Notices.KEPT));
  }

  private static ReloadStatus status(
      String serving, String refused, ReloadStatus.Candidate candidate) {
    return new ReloadStatus(
        Optional.of(serving),
        Optional.ofNullable(refused),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.ofNullable(candidate));
  }
}
