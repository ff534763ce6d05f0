package io.sedd.protocol.job;

import io.sedd.protocol.job.GenerationResult.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Results for tests. */
final class Results {

  private Results() {}

  static GenerationResult failed(String jobId, JobError error) {
    return new GenerationResult(
        jobId,
        Outcome.FAILED,
        List.of(),
        Optional.empty(),
        0,
        0,
        0,
        0,
        "w",
        Map.of(),
        Optional.of(error));
  }
}
