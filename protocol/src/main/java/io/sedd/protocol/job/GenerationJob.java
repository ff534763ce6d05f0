package io.sedd.protocol.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A request to fill the blanks of a template, as it stands in one record of the jobs topic.
 *
 * @param id the caller's name for the job, 1 to 128 characters; key of the result record
 * @param template what is given and what is to be filled, in order; at least one segment
 * @param samples how many independent texts are wanted, 1 to 64
 * @param steps denoising steps per text, 1 to 4096
 * @param predictor how a step uses the score
 * @param temperature divides the log scores of the tokens, given that a position is revealed; above
 *     0, 1 leaves the model's distribution as it is
 * @param topP share of the tokens' probability that is kept, most probable first; in (0, 1]
 * @param seed start of all randomness; where absent a hash of the id is used
 * @param priority 1 (first) to 9 (last)
 * @param deadline the moment after which the result is of no use, if there is one
 * @param queueTtl how long after its sending the job may begin; one that has not begun by then is
 *     expired and never computed
 * @param progressEvery a progress record after every so many steps; 0 for none
 * @param metadata the caller's own strings, handed back with the result
 */
public record GenerationJob(
    String id,
    List<Segment> template,
    int samples,
    int steps,
    PredictorName predictor,
    double temperature,
    double topP,
    OptionalLong seed,
    int priority,
    Optional<Instant> deadline,
    Optional<Duration> queueTtl,
    int progressEvery,
    Map<String, String> metadata) {

  public GenerationJob {
    template = List.copyOf(template);
    metadata = Map.copyOf(metadata);
  }

  /** The seed that this job runs with: its own, or a 64-bit hash of its id. */
  public long effectiveSeed() {
    return seed.orElseGet(() -> JobSeeds.ofId(id));
  }
}
