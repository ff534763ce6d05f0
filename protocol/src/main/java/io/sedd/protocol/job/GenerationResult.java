package io.sedd.protocol.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of a job, as it stands in one record of the results topic.
 *
 * @param jobId id of the job, also the record's key
 * @param outcome how the job ended
 * @param samples the texts; all of them for {@link Outcome#COMPLETED}, the partial ones of an
 *     expired or cancelled job that was running, else none
 * @param checkpoint the weights that wrote the texts; absent where nothing was denoised
 * @param steps denoising steps taken per sample
 * @param networkEvaluations evaluations of the network on any lane of this job, summed over the
 *     samples
 * @param queueMillis from the record's arrival at the worker to its first step, milliseconds
 * @param denoiseMillis from the first step to the last, milliseconds
 * @param worker name of the worker
 * @param metadata the job's own metadata
 * @param error why, for {@link Outcome#FAILED} and for no other outcome
 */
public record GenerationResult(
    String jobId,
    Outcome outcome,
    List<Sample> samples,
    Optional<CheckpointName> checkpoint,
    int steps,
    long networkEvaluations,
    long queueMillis,
    long denoiseMillis,
    String worker,
    Map<String, String> metadata,
    Optional<JobError> error) {

  public GenerationResult {
    samples = List.copyOf(samples);
    metadata = Map.copyOf(metadata);
    if ((outcome == Outcome.FAILED) != error.isPresent()) {
      throw new IllegalArgumentException(
          "a failed result has an error and no other does, but this one is " + outcome);
    }
  }

  /** How a job ended. */
  public enum Outcome {
    COMPLETED,
    FAILED,
    EXPIRED,
    CANCELLED;

    /** The outcome as it stands in messages: lower case. */
    public String wireName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * One text of a job.
   *
   * @param text the whole template with its blanks filled
   * @param tokens the same as tokens
   * @param seed the job's seed
   * @param index which of the job's samples this is, from 0; seed and index together fix its
   *     randomness
   * @param unfilled positions whose token is not the model's last word, ascending; empty for a
   *     finished text. On an absorbing graph {@code tokens} has the mask there and {@code text} one
   *     {@code _} each
   */
  public record Sample(
      String text, List<Integer> tokens, long seed, int index, List<Integer> unfilled) {
    public Sample {
      tokens = List.copyOf(tokens);
      unfilled = List.copyOf(unfilled);
    }

    /** A finished text. */
    public Sample(String text, List<Integer> tokens, long seed, int index) {
      this(text, tokens, seed, index, List.of());
    }
  }

  /**
   * The weights that wrote a text.
   *
   * @param name folder name of the checkpoint, such as {@code step-00012000}
   * @param sha256 hash of its {@code model.safetensors}, hexadecimal
   */
  public record CheckpointName(String name, String sha256) {}
}
