package io.sedd.protocol.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sedd.protocol.job.GenerationResult.CheckpointName;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.GenerationResult.Sample;
import io.sedd.protocol.job.JobError.Code;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A JSON object to a result. */
final class ResultReader {

  private static final List<String> FIELDS =
      List.of(
          "jobId",
          "outcome",
          "samples",
          "checkpoint",
          "steps",
          "networkEvaluations",
          "queueMillis",
          "denoiseMillis",
          "worker",
          "metadata",
          "error");
  private static final List<String> SAMPLE_FIELDS =
      List.of("index", "seed", "text", "tokens", "unfilled");
  private static final List<String> CHECKPOINT_FIELDS = List.of("name", "sha256");
  private static final List<String> ERROR_FIELDS = List.of("code", "message", "path");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  private final Faults faults;
  private final StrictObject result;

  private ResultReader(StrictObject result, Faults faults) {
    this.result = result;
    this.faults = faults;
  }

  static Decoded<GenerationResult> read(ObjectNode node) {
    Faults faults = new Faults();
    StrictObject result = new StrictObject(node, "$", FIELDS, faults);
    return new ResultReader(result, faults)
        .read()
        .<Decoded<GenerationResult>>map(Decoded.Valid::new)
        .orElseGet(
            () ->
                new Decoded.Refused<>(JobReader.usableId(node, "jobId"), Map.of(), faults.list()));
  }

  private Optional<GenerationResult> read() {
    String jobId = result.name("jobId", JobLimits.MAX_ID_CHARACTERS);
    Optional<Outcome> outcome = result.choice("outcome", Outcome.values(), Outcome::wireName);
    List<Sample> samples = result.array("samples", this::sample);
    Optional<CheckpointName> checkpoint = checkpoint();
    int steps = result.count("steps", 0);
    long networkEvaluations = result.integer("networkEvaluations", 0, Long.MAX_VALUE);
    long queueMillis = result.integer("queueMillis", 0, Long.MAX_VALUE);
    long denoiseMillis = result.integer("denoiseMillis", 0, Long.MAX_VALUE);
    String worker = result.text("worker");
    Map<String, String> metadata =
        result
            .required("metadata")
            .map(v -> MetadataReader.read(v, result.pathOf("metadata"), faults))
            .orElse(Map.of());
    Optional<JobError> error = error();
    outcome.ifPresent(this::checkError);
    if (!faults.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new GenerationResult(
            jobId,
            outcome.orElseThrow(),
            samples,
            checkpoint,
            steps,
            networkEvaluations,
            queueMillis,
            denoiseMillis,
            worker,
            metadata,
            error));
  }

  private Optional<Sample> sample(JsonNode value, String path) {
    return result
        .asObject(value, path, SAMPLE_FIELDS)
        .map(
            sample ->
                new Sample(
                    sample.text("text"),
                    sample.tokens("tokens"),
                    sample.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                    sample.count("index", 0),
                    sample.has("unfilled") ? sample.tokens("unfilled") : List.of()));
  }

  private Optional<CheckpointName> checkpoint() {
    return result
        .optionalObject("checkpoint", CHECKPOINT_FIELDS)
        .map(
            checkpoint -> {
              String name = checkpoint.text("name");
              String sha256 = checkpoint.text("sha256");
              if (faults.isEmpty() && !SHA_256.matcher(sha256).matches()) {
                faults.note(
                    Code.OUT_OF_RANGE,
                    checkpoint.pathOf("sha256"),
                    "must be 64 lower-case hexadecimal digits, but is " + Printable.quoted(sha256));
              }
              return new CheckpointName(name, sha256);
            });
  }

  private Optional<JobError> error() {
    return result
        .optionalObject("error", ERROR_FIELDS)
        .map(
            error ->
                new JobError(
                    error.choice("code", Code.values(), Code::wireName).orElse(Code.INTERNAL),
                    error.text("message"),
                    error.text("path")));
  }

  private void checkError(Outcome outcome) {
    boolean failed = outcome == Outcome.FAILED;
    if (failed) {
      result.required("error");
    } else if (result.has("error")) {
      faults.note(
          Code.UNKNOWN_FIELD,
          result.pathOf("error"),
          "only a failed result has an error, but this one is " + outcome.wireName());
    }
  }
}
