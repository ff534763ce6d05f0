package io.sedd.worker.page;

import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobError;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of a job that ended: enough for a row, and little enough that many can be kept.
 *
 * @param number later ones have higher ones
 * @param deadLetter whether its record went to the dead letters
 * @param id of the job, where ids may be shown
 * @param texts of its samples, where texts may be shown; each at most {@value #MOST_CHARACTERS}
 *     characters, with an ellipsis where it was longer
 * @param error where it failed; with a message only where texts may be shown, since it may quote
 *     the job
 */
record EndedJob(
    long number,
    Instant time,
    boolean deadLetter,
    String outcome,
    Optional<String> id,
    Optional<String> checkpoint,
    int samples,
    int steps,
    long queueMillis,
    long denoiseMillis,
    List<String> texts,
    Optional<JobError> error) {

  private static final int MOST_CHARACTERS = 8192;

  static EndedJob of(
      long number, Instant time, boolean deadLetter, GenerationResult result, boolean texts) {
    return new EndedJob(
        number,
        time,
        deadLetter,
        result.outcome().wireName(),
        texts ? Optional.of(result.jobId()) : Optional.empty(),
        result.checkpoint().map(GenerationResult.CheckpointName::name),
        result.samples().size(),
        result.steps(),
        result.queueMillis(),
        result.denoiseMillis(),
        texts ? result.samples().stream().map(s -> shortened(s.text())).toList() : List.of(),
        result.error().map(e -> texts ? e : new JobError(e.code(), "", e.path())));
  }

  private static String shortened(String text) {
    if (text.length() <= MOST_CHARACTERS) {
      return text;
    }
    int end =
        MOST_CHARACTERS - (Character.isHighSurrogate(text.charAt(MOST_CHARACTERS - 1)) ? 1 : 0);
    return text.substring(0, end) + "…";
  }

  JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("n", number)
            .put("t", time.toEpochMilli())
            .put("outcome", outcome)
            .put("deadLetter", deadLetter)
            .put("samples", samples)
            .put("steps", steps)
            .put("queueMillis", queueMillis)
            .put("denoiseMillis", denoiseMillis)
            .put("texts", new JsonArray(texts));
    id.ifPresent(name -> json.put("job", name));
    checkpoint.ifPresent(name -> json.put("checkpoint", name));
    error.ifPresent(
        e ->
            json.put("code", e.code().wireName())
                .put("message", e.message())
                .put("path", e.path()));
    return json;
  }
}
