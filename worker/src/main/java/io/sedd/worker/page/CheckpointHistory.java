package io.sedd.worker.page;

import io.sedd.worker.reload.ReloadStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Which checkpoints have served, since when, and what is the matter with the one that is named
 * latest. The reloading thread tells it, others read it.
 */
final class CheckpointHistory implements Consumer<ReloadStatus> {

  private static final int KEPT = 12;

  private record Served(String name, Instant since) {

    JsonObject toJson() {
      return new JsonObject().put("name", name).put("since", since.toEpochMilli());
    }
  }

  private final Notices notices;
  private final Clock clock;

  // guarded by this
  private final Deque<Served> served = new ArrayDeque<>();
  private Optional<ReloadStatus> last = Optional.empty();

  CheckpointHistory(Notices notices, Clock clock) {
    this.notices = notices;
    this.clock = clock;
  }

  @Override
  public synchronized void accept(ReloadStatus status) {
    Optional<String> before = last.flatMap(ReloadStatus::serving);
    status.serving().filter(name -> !before.equals(Optional.of(name))).ifPresent(this::serves);
    Optional<String> tried = candidate(Optional.of(status));
    if (!tried.equals(candidate(last))) {
      tried.ifPresent(
          name -> notices.add(Notice.Kind.CHECKPOINT, name + " is tried on a share of the jobs"));
    }
    if (!status.refused().equals(last.flatMap(ReloadStatus::refused))) {
      status.refused().ifPresent(why -> notices.add(Notice.Kind.REFUSED, why));
    }
    last = Optional.of(status);
  }

  private void serves(String name) {
    String instead =
        served.isEmpty() ? "" : " instead of " + served.getLast().name() + ", without a pause";
    served.add(new Served(name, clock.instant()));
    if (served.size() > KEPT) {
      served.remove();
    }
    notices.add(Notice.Kind.CHECKPOINT, "Serves " + name + instead);
  }

  private static Optional<String> candidate(Optional<ReloadStatus> status) {
    return status.flatMap(ReloadStatus::candidate).map(ReloadStatus.Candidate::name);
  }

  /** What serves, what is wrong, and what served before, the newest first. */
  synchronized JsonObject toJson() {
    JsonArray history = new JsonArray();
    served.reversed().forEach(one -> history.add(one.toJson()));
    JsonObject json = new JsonObject().put("history", history);
    last.ifPresent(
        status -> {
          status.serving().ifPresent(name -> json.put("serving", name));
          status.refused().ifPresent(why -> json.put("refused", why));
          status.pinned().ifPresent(name -> json.put("pinned", name));
          status.left().ifPresent(name -> json.put("rolledBackFrom", name));
          status
              .candidate()
              .ifPresent(
                  c ->
                      json.put(
                          "candidate",
                          new JsonObject()
                              .put("name", c.name())
                              .put("jobs", c.jobs())
                              .put("beside", c.beside())));
        });
    return json;
  }
}
