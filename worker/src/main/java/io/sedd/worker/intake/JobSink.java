package io.sedd.worker.intake;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The stage after the intake, as the intake sees it. Called by the source's one thread.
 *
 * <p>A job is accepted, claimed, and started. Between claim and start the source notes in Kafka
 * that the job is being started, so that a job which ends its process is known to the next one.
 */
public interface JobSink {

  /** Whether the source should stop fetching for now; what it has fetched is still accepted. */
  boolean full();

  /**
   * Whether less may be started now than runs together. A source for which fetching counts against
   * a job fetches only then.
   */
  boolean hungry();

  /** Takes a job in. */
  void accept(Delivery delivery);

  /** The jobs to be started next, in order; they wait for {@link #start}. */
  List<Delivery> claim();

  /** These claimed jobs may run. */
  void start(List<Delivery> claimed);

  /**
   * Forgets jobs that do not run: another worker gets them.
   *
   * @return those, among them any that ran, failed and waited for its next start
   */
  Set<RecordPosition> withdraw(Predicate<RecordPosition> gone);

  /** Forgets jobs, running or not: nobody wants their results any more. */
  void abandon(Predicate<RecordPosition> gone);
}
