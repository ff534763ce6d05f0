package io.sedd.protocol.job;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The fields of every message, in the order of its record; what is absent is left out. */
final class MessageWriter {

  private MessageWriter() {}

  static void job(JsonGenerator json, GenerationJob job) throws IOException {
    json.writeStringField("id", job.id());
    json.writeArrayFieldStart("template");
    for (Segment segment : job.template()) {
      json.writeStartObject();
      switch (segment) {
        case Segment.Text(String text) -> json.writeStringField("text", text);
        case Segment.Tokens(List<Integer> tokens) -> tokens(json, tokens);
        case Segment.Blank(int length) -> json.writeNumberField("blank", length);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("samples", job.samples());
    json.writeNumberField("steps", job.steps());
    json.writeStringField("predictor", job.predictor().wireName());
    json.writeNumberField("temperature", job.temperature());
    json.writeNumberField("topP", job.topP());
    if (job.seed().isPresent()) {
      json.writeNumberField("seed", job.seed().getAsLong());
    }
    json.writeNumberField("priority", job.priority());
    if (job.deadline().isPresent()) {
      json.writeStringField("deadline", job.deadline().get().toString());
    }
    if (job.queueTtl().isPresent()) {
      json.writeStringField("queueTtl", DurationForm.write(job.queueTtl().get()));
    }
    json.writeNumberField("progressEvery", job.progressEvery());
    metadata(json, job.metadata());
  }

  static void result(JsonGenerator json, GenerationResult result) throws IOException {
    json.writeStringField("jobId", result.jobId());
    json.writeStringField("outcome", result.outcome().wireName());
    json.writeArrayFieldStart("samples");
    for (GenerationResult.Sample sample : result.samples()) {
      json.writeStartObject();
      json.writeNumberField("index", sample.index());
      json.writeNumberField("seed", sample.seed());
      json.writeStringField("text", sample.text());
      tokens(json, sample.tokens());
      if (!sample.unfilled().isEmpty()) {
        integers(json, "unfilled", sample.unfilled());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    if (result.checkpoint().isPresent()) {
      json.writeObjectFieldStart("checkpoint");
      json.writeStringField("name", result.checkpoint().get().name());
      json.writeStringField("sha256", result.checkpoint().get().sha256());
      json.writeEndObject();
    }
    json.writeNumberField("steps", result.steps());
    json.writeNumberField("networkEvaluations", result.networkEvaluations());
    json.writeNumberField("queueMillis", result.queueMillis());
    json.writeNumberField("denoiseMillis", result.denoiseMillis());
    json.writeStringField("worker", result.worker());
    metadata(json, result.metadata());
    if (result.error().isPresent()) {
      json.writeObjectFieldStart("error");
      error(json, result.error().get());
      json.writeEndObject();
    }
  }

  static void progress(JsonGenerator json, JobProgress progress) throws IOException {
    json.writeStringField("jobId", progress.jobId());
    json.writeNumberField("sample", progress.sample());
    json.writeNumberField("step", progress.step());
    json.writeNumberField("steps", progress.steps());
    json.writeNumberField("masked", progress.masked());
    json.writeStringField("text", progress.text());
  }

  static void cancellation(JsonGenerator json, JobCancellation cancellation) throws IOException {
    json.writeStringField("jobId", cancellation.jobId());
  }

  private static void error(JsonGenerator json, JobError error) throws IOException {
    json.writeStringField("code", error.code().wireName());
    json.writeStringField("message", error.message());
    json.writeStringField("path", error.path());
  }

  private static void tokens(JsonGenerator json, List<Integer> tokens) throws IOException {
    integers(json, "tokens", tokens);
  }

  private static void integers(JsonGenerator json, String field, List<Integer> numbers)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (int number : numbers) {
      json.writeNumber(number);
    }
    json.writeEndArray();
  }

  /** Sorted, since the records' maps have a new order in every process. */
  private static void metadata(JsonGenerator json, Map<String, String> metadata)
      throws IOException {
    json.writeObjectFieldStart("metadata");
    for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }
}
