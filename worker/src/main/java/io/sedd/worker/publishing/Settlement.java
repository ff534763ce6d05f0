package io.sedd.worker.publishing;

import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobError;
import java.util.Optional;

/** How a record of the jobs topic is settled: what has to be published before it counts as done. */
public sealed interface Settlement {

  /** A job that ended, well or not. */
  record Ended(GenerationResult result, JobKind kind) implements Settlement {}

  /**
   * A record that cannot be worked on: it goes to the dead letters, and its sender, where he is
   * known, gets a result that says so.
   *
   * @param error why
   * @param result a failed result, where an id could be read
   */
  record Refused(JobError error, Optional<GenerationResult> result) implements Settlement {}

  /**
   * A record of a share group whose deliveries had no end: a copy with a fresh count of deliveries
   * takes its place, and says what is known of it.
   */
  record SentAgain(Suspicion suspicion) implements Settlement {}
}
