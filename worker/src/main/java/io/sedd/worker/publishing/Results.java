package io.sedd.worker.publishing;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.JobError;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the results of jobs that were never denoised.
 *
 * @param worker name of this worker, in every result
 */
public record Results(String worker) {

  /** A job that ended while it waited: expired or cancelled. */
  public GenerationResult neverStarted(GenerationJob job, Outcome outcome, long queueMillis) {
    return result(job.id(), job.metadata(), outcome, queueMillis, Optional.empty());
  }

  /** A job that failed before its first step. */
  public GenerationResult failed(GenerationJob job, JobError error, long queueMillis) {
    return result(job.id(), job.metadata(), Outcome.FAILED, queueMillis, Optional.of(error));
  }

  /** A record that is no valid job, but that says whose it is. */
  public GenerationResult refused(String id, Map<String, String> metadata, JobError error) {
    return result(id, metadata, Outcome.FAILED, 0, Optional.of(error));
  }

  /** The same job with a result that can be sent: its own is too large. */
  public GenerationResult tooLarge(GenerationResult result, int bytes, int limit) {
    JobError error =
        new JobError(
            JobError.Code.TOO_LARGE,
            "the result has %d bytes and a record may have %d; ask for fewer samples"
                .formatted(bytes, limit),
            "$.samples");
    return new GenerationResult(
        result.jobId(),
        Outcome.FAILED,
        List.of(),
        result.checkpoint(),
        result.steps(),
        result.networkEvaluations(),
        result.queueMillis(),
        result.denoiseMillis(),
        worker,
        result.metadata(),
        Optional.of(error));
  }

  /**
   * The same job with a result that can be sent whatever its sender gave it: its metadata alone are
   * too large.
   */
  public GenerationResult withoutMetadata(GenerationResult result, int bytes, int limit) {
    JobError error =
        new JobError(
            JobError.Code.TOO_LARGE,
            "the result with its metadata has %d bytes and a record may have %d; they are left out%s"
                .formatted(
                    bytes, limit, result.error().map(why -> "; " + why.message()).orElse("")),
            "$.metadata");
    return new GenerationResult(
        result.jobId(),
        Outcome.FAILED,
        List.of(),
        result.checkpoint(),
        result.steps(),
        result.networkEvaluations(),
        result.queueMillis(),
        result.denoiseMillis(),
        worker,
        Map.of(),
        Optional.of(error));
  }

  private GenerationResult result(
      String id,
      Map<String, String> metadata,
      Outcome outcome,
      long queueMillis,
      Optional<JobError> error) {
    return new GenerationResult(
        id, outcome, List.of(), Optional.empty(), 0, 0, queueMillis, 0, worker, metadata, error);
  }
}
