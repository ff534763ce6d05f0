package io.sedd.protocol.job;

import java.nio.charset.StandardCharsets;

/** Messages for tests. */
final class Messages {

  static final String SMALLEST_JOB = job("");

  static final String RESULT =
      """
      {"jobId": "a", "outcome": "completed",
       "samples": [{"index": 0, "seed": -9223372036854775808, "text": "ab", "tokens": [1, 2]}],
       "checkpoint": {"name": "step-1", "sha256": "%s"},
       "steps": 4, "networkEvaluations": 5, "queueMillis": 1, "denoiseMillis": 2,
       "worker": "w", "metadata": {"k": "v"}}"""
          .formatted("0f".repeat(32));

  static final String FAILED_RESULT =
      """
      {"jobId": "a", "outcome": "failed", "samples": [],
       "steps": 0, "networkEvaluations": 0, "queueMillis": 0, "denoiseMillis": 0,
       "worker": "w", "metadata": {},
       "error": {"code": "no_blank", "message": "nothing to fill", "path": "$.template"}}""";

  static final String PROGRESS =
      """
      {"jobId": "a", "sample": 0, "step": 1, "steps": 4, "masked": 2, "text": "a__"}""";

  private Messages() {}

  /** A good job with further fields, each given as {@code , "name": value}. */
  static String job(String furtherFields) {
    return "{\"id\": \"a\", \"template\": [{\"text\": \"x\"}, {\"blank\": 3}]"
        + furtherFields
        + "}";
  }

  /** A job with a template of its own. */
  static String template(String template) {
    return "{\"id\": \"a\", \"template\": " + template + "}";
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
