package io.sedd.worker.page;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last notices. Thread-safe; no call waits for more than another call. */
final class Notices {

  static final int KEPT = 40;

  private final Clock clock;

  /** Guarded by this; the oldest first. */
  private final Deque<Notice> kept = new ArrayDeque<>();

  private long given; // guarded by this

  Notices(Clock clock) {
    this.clock = clock;
  }

  synchronized void add(Notice.Kind kind, String text) {
    kept.add(new Notice(++given, clock.instant(), kind, text));
    if (kept.size() > KEPT) {
      kept.remove();
    }
  }

  /** Those with a higher number that are still kept, the oldest first. */
  synchronized List<Notice> after(long number) {
    return kept.stream().filter(notice -> notice.number() > number).toList();
  }
}
