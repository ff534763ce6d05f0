package io.sedd.worker.intake;

import io.sedd.diffusion.text.EncodedTemplate;
import io.sedd.diffusion.text.RefusedTemplate;
import io.sedd.diffusion.text.TemplateEncoder;
import io.sedd.protocol.job.Decoded;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobError;
import io.sedd.protocol.job.JobLimits;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads a record's value and checks it against the contract and against the checkpoint that is
 * being served.
 */
public final class JobReader {

  private final JobLimits limits;
  private final Supplier<TemplateEncoder> encoder;
  private final Results results;

  /**
   * A reader.
   *
   * @param encoder of the checkpoint that is being served at the time of asking
   */
  public JobReader(JobLimits limits, Supplier<TemplateEncoder> encoder, Results results) {
    this.limits = limits;
    this.encoder = encoder;
    this.results = results;
  }

  /** What a record turned out to be. */
  public sealed interface Reading {

    /** A job that can be worked on, and the number of positions of its template. */
    record Valid(GenerationJob job, int length) implements Reading {}

    /** No such job. */
    record Invalid(Settlement.Refused refusal) implements Reading {}
  }

  /** Reads a record's value, null included. */
  public Reading read(byte[] value) {
    return switch (JobCodec.decodeJob(value, limits)) {
      case Decoded.Valid<GenerationJob>(GenerationJob job) -> fit(job);
      case Decoded.Refused<GenerationJob> refused ->
          new Reading.Invalid(
              new Settlement.Refused(
                  refused.first(),
                  refused
                      .id()
                      .map(id -> results.refused(id, refused.metadata(), refused.first()))));
      case Decoded.Unreadable<GenerationJob>(JobError error) ->
          new Reading.Invalid(new Settlement.Refused(error, Optional.empty()));
    };
  }

  private Reading fit(GenerationJob job) {
    return switch (encoder.get().encode(job.template())) {
      case EncodedTemplate template -> new Reading.Valid(job, template.length());
      case RefusedTemplate(JobError error) -> new Reading.Invalid(refusal(job, error));
    };
  }

  /** The settlement of a job that is well-formed and all the same cannot be worked on. */
  public Settlement.Refused refusal(GenerationJob job, JobError error) {
    return new Settlement.Refused(error, Optional.of(results.failed(job, error, 0)));
  }
}
