package io.sedd.protocol.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * The jobs without an answer, at most so many. Thread-safe: senders add, the reading thread looks
 * them up, and each takes itself out when its future is complete, whoever completes it.
 */
final class PendingJobs {

  private final Map<String, PendingJob> jobs = new ConcurrentHashMap<>();
  private final Semaphore room;
  private volatile SeddClientException end;

  PendingJobs(int most) {
    this.room = new Semaphore(most);
  }

  /**
   * Waits for room and takes a job in.
   *
   * @param limit nanoseconds that it may be without an answer once there is room
   * @throws IllegalArgumentException if a job of this id is in already
   * @throws SeddClientException if there is an end to it all
   */
  PendingJob add(String id, long limit) throws InterruptedException {
    room.acquire();
    PendingJob job = new PendingJob(id, System.nanoTime() + limit, this::remove);
    if (end != null || jobs.putIfAbsent(id, job) != null) {
      room.release();
      requireNoEnd();
      throw new IllegalArgumentException(
          "a job with the id " + id + " has been sent and has no result yet; give another");
    }
    if (end != null) { // it came between the look above and now
      job.future().completeExceptionally(end);
    }
    return job;
  }

  private void remove(PendingJob job) {
    jobs.remove(job.id(), job);
    room.release();
  }

  private void requireNoEnd() {
    SeddClientException why = end;
    if (why != null) {
      throw why;
    }
  }

  /** The job, if it is waited for. */
  Optional<PendingJob> find(String id) {
    return Optional.ofNullable(jobs.get(id));
  }

  /** All of this moment. */
  List<PendingJob> all() {
    return List.copyOf(jobs.values());
  }

  /** Fails all that are in and all that come. The first reason counts. */
  void end(SeddClientException why) {
    synchronized (this) {
      if (end == null) {
        end = why;
      }
    }
    all().forEach(job -> job.fail(end));
  }
}
