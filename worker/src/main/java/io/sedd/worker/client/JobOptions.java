package io.sedd.worker.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobLimits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Option;

/** The options that make up a job; checked by the same codec that workers read with. */
public final class JobOptions {

  @Option(
      names = "--template",
      paramLabel = "JSON",
      required = true,
      description = {
        "What is given and what is to be filled: {\"text\": \"Once\"}, {\"blank\": 20} or"
            + " {\"tokens\": [1, 2]}.",
        "Repeat it for the segments in their order, or give them all as one JSON array."
      })
  private List<String> template;

  @Option(names = "--id", description = "Id of the job. Default: a random one.")
  private String id;

  @Option(names = "--samples", description = "How many texts, 1 to 64. Default: 1.")
  private Integer samples;

  @Option(names = "--steps", description = "Denoising steps, 1 to 4096. Default: 64.")
  private Integer steps;

  @Option(names = "--predictor", description = "analytic or euler. Default: analytic.")
  private String predictor;

  @Option(names = "--seed", description = "Start of all randomness. Default: a hash of the id.")
  private Long seed;

  @Option(names = "--temperature", description = "Default: 1.")
  private Double temperature;

  @Option(names = "--top-p", description = "In (0, 1]. Default: 1.")
  private Double topP;

  @Option(names = "--priority", description = "1 (first) to 9 (last). Default: 5.")
  private Integer priority;

  @Option(names = "--deadline", description = "Moment such as 2026-11-24T12:00:00Z.")
  private String deadline;

  @Option(
      names = "--queue-ttl",
      description = "How long the job may wait before it begins, such as PT10M.")
  private String queueTtl;

  /**
   * The job.
   *
   * @throws IllegalArgumentException saying which part is not valid
   */
  public GenerationJob toJob() {
    ObjectNode job = new ObjectMapper().createObjectNode();
    job.put("id", id == null ? "submit-" + UUID.randomUUID() : id);
    job.set("template", segments());
    put(job, "samples", samples);
    put(job, "steps", steps);
    put(job, "predictor", predictor);
    put(job, "seed", seed);
    put(job, "temperature", temperature);
    put(job, "topP", topP);
    put(job, "priority", priority);
    put(job, "deadline", deadline);
    put(job, "queueTtl", queueTtl);
    byte[] record = job.toString().getBytes(StandardCharsets.UTF_8);
    return JobCodec.decodeJob(record, JobLimits.defaults()).orElseThrow();
  }

  private static void put(ObjectNode job, String field, Object value) {
    if (value != null) {
      job.putPOJO(field, value);
    }
  }

  private ArrayNode segments() {
    ObjectMapper mapper = new ObjectMapper();
    ArrayNode segments = mapper.createArrayNode();
    for (String text : template) {
      try {
        JsonNode given = mapper.readTree(text);
        if (given instanceof ArrayNode several) {
          segments.addAll(several);
        } else {
          segments.add(given);
        }
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException(
            "--template is not JSON: " + e.getOriginalMessage() + " in " + text, e);
      }
    }
    return segments;
  }
}
