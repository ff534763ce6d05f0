package io.sedd.protocol.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A JSON object to a job. */
final class JobReader {

  static final List<String> FIELDS =
      List.of(
          "id",
          "template",
          "samples",
          "steps",
          "predictor",
          "temperature",
          "topP",
          "seed",
          "priority",
          "deadline",
          "queueTtl",
          "progressEvery",
          "metadata");

  private JobReader() {}

  static Decoded<GenerationJob> read(ObjectNode node) {
    Faults faults = new Faults();
    GenerationJob job = read(new StrictObject(node, "$", FIELDS, faults), faults);
    return faults.isEmpty()
        ? new Decoded.Valid<>(job)
        : new Decoded.Refused<>(usableId(node, "id"), usableMetadata(node), faults.list());
  }

  private static GenerationJob read(StrictObject job, Faults faults) {
    Scalars scalars = new Scalars(faults);
    String id = job.name("id", JobLimits.MAX_ID_CHARACTERS);
    List<Segment> template = new TemplateReader(job, faults).read();
    int samples = job.integerOr("samples", 1, JobLimits.MAX_SAMPLES, JobDefaults.SAMPLES);
    int steps = job.integerOr("steps", 1, JobLimits.MAX_STEPS, JobDefaults.STEPS);
    PredictorName predictor =
        job.has("predictor")
            ? job.choice("predictor", PredictorName.values(), PredictorName::wireName)
                .orElse(JobDefaults.PREDICTOR)
            : JobDefaults.PREDICTOR;
    double temperature =
        job.optional("temperature")
            .map(
                v ->
                    scalars.number(
                        v,
                        job.pathOf("temperature"),
                        JobLimits.MIN_TEMPERATURE,
                        JobLimits.MAX_TEMPERATURE))
            .orElse(JobDefaults.TEMPERATURE);
    double topP =
        job.optional("topP")
            .map(v -> scalars.share(v, job.pathOf("topP")))
            .orElse(JobDefaults.TOP_P);
    OptionalLong seed =
        job.has("seed")
            ? OptionalLong.of(job.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE))
            : OptionalLong.empty();
    int priority =
        job.integerOr(
            "priority", JobLimits.MIN_PRIORITY, JobLimits.MAX_PRIORITY, JobDefaults.PRIORITY);
    Optional<Instant> deadline =
        job.optional("deadline").flatMap(v -> scalars.instant(v, job.pathOf("deadline")));
    Optional<Duration> queueTtl =
        job.optional("queueTtl").flatMap(v -> scalars.duration(v, job.pathOf("queueTtl")));
    int progressEvery =
        job.integerOr("progressEvery", 0, JobLimits.MAX_STEPS, JobDefaults.PROGRESS_EVERY);
    Map<String, String> metadata =
        job.optional("metadata")
            .map(v -> MetadataReader.read(v, job.pathOf("metadata"), faults))
            .orElse(Map.of());
    return new GenerationJob(
        id,
        template,
        samples,
        steps,
        predictor,
        temperature,
        topP,
        seed,
        priority,
        deadline,
        queueTtl,
        progressEvery,
        metadata);
  }

  /** The id, if it keeps the contract by itself, whatever the rest of the message is like. */
  static Optional<String> usableId(ObjectNode node, String field) {
    Faults faults = new Faults();
    Optional<String> id =
        Optional.ofNullable(node.get(field))
            .map(v -> new Scalars(faults).text(v, field, 1, JobLimits.MAX_ID_CHARACTERS));
    return faults.isEmpty() ? id : Optional.empty();
  }

  private static Map<String, String> usableMetadata(ObjectNode node) {
    Faults faults = new Faults();
    Map<String, String> metadata =
        Optional.ofNullable(node.get("metadata"))
            .map(v -> MetadataReader.read(v, "metadata", faults))
            .orElse(Map.of());
    return faults.isEmpty() ? metadata : Map.of();
  }
}
