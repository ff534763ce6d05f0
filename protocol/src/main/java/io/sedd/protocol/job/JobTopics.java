package io.sedd.protocol.job;

/**
 * Names of the topics.
 *
 * @param jobs {@link GenerationJob}s, key = job id
 * @param results {@link GenerationResult}s, key = job id
 * @param progress {@link JobProgress}, key = job id
 * @param control {@link JobCancellation}s, key = job id
 * @param deadLetters records that are no jobs, unchanged, with {@link DeadLetterHeader}s
 */
public record JobTopics(
    String jobs, String results, String progress, String control, String deadLetters) {

  /** The names in {@code asyncapi.yaml}. */
  public static JobTopics defaults() {
    return new JobTopics(
        "sedd.jobs", "sedd.results", "sedd.progress", "sedd.control", "sedd.dead-letters");
  }
}
