package io.sedd.worker.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What delivery promises, by job id. */
final class OneResultEach {

  private OneResultEach() {}

  /** None lost, none doubled. */
  static void of(Collection<GenerationJob> jobs, List<GenerationResult> results) {
    Set<String> had = new HashSet<>();
    for (GenerationResult result : results) {
      assertTrue(had.add(result.jobId()), () -> "two results for " + result.jobId());
    }
    assertEquals(jobs.stream().map(GenerationJob::id).collect(Collectors.toSet()), had);
  }
}
