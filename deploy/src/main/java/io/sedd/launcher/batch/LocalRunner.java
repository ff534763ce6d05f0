package io.sedd.launcher.batch;

import io.sedd.diffusion.LoadedCheckpoint;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.sampling.DenoisingBatch;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.Template;
import io.sedd.diffusion.text.EncodedTemplate;
import io.sedd.diffusion.text.RefusedTemplate;
import io.sedd.diffusion.text.TemplateEncoder;
import io.sedd.protocol.job.JobError;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Denoises the jobs in this process, as many together as the batch has room for, in the order of
 * the file: priorities and progress reports say nothing here, and a job waits for nothing but its
 * turn. The texts are those that a worker writes with this checkpoint. Used by one thread.
 */
final class LocalRunner implements BatchRunner {

  private final Backend backend;
  private final LoadedCheckpoint checkpoint;
  private final DenoisingBatch batch;
  private final TemplateEncoder encoder;
  private final InstantSource clock;

  /** Lanes without room, in the order of their coming. */
  private final Deque<Lane> waiting = new ArrayDeque<>();

  private final Map<Lane, LocalJob> jobOf = new HashMap<>();
  private final Set<LocalJob> withDeadline = new LinkedHashSet<>();

  /**
   * A runner.
   *
   * @param backend owned by this runner from here on, as the checkpoint is
   * @param maxRows token rows denoised together; also the longest template
   */
  LocalRunner(Backend backend, LoadedCheckpoint checkpoint, int maxRows, InstantSource clock) {
    this.backend = backend;
    this.checkpoint = checkpoint;
    this.batch = new DenoisingBatch(backend, maxRows);
    this.encoder =
        new TemplateEncoder(
            checkpoint.tokenizer(),
            Math.min(checkpoint.network().shape().length(), maxRows),
            checkpoint.checkpoint().config().tokens());
    this.clock = clock;
  }

  @Override
  public void run(JobFeed jobs, Endings endings) throws IOException {
    fill(jobs, endings);
    while (!batch.isEmpty()) {
      List<Lane> ended = batch.step();
      Instant now = clock.instant();
      for (Lane lane : ended) {
        LocalJob job = jobOf.get(lane);
        if (job != null && lane.failure().isPresent()) {
          takeOut(job);
          JobError error = new JobError(JobError.Code.NOT_FINITE, lane.failure().get(), "$");
          endings.ended(job.line(), job.failed(error, now));
        } else if (job != null && job.finished()) {
          takeOut(job);
          endings.ended(job.line(), job.completed(now));
        }
      }
      for (LocalJob late : withDeadline.stream().filter(job -> job.late(now)).toList()) {
        takeOut(late);
        endings.ended(late.line(), late.expired(now));
      }
      fill(jobs, endings);
    }
  }

  private void fill(JobFeed jobs, Endings endings) throws IOException {
    while (true) {
      while (!waiting.isEmpty() && batch.offer(waiting.peek())) {
        waiting.remove();
      }
      if (!waiting.isEmpty() || batch.freeRows() == 0) {
        return;
      }
      Optional<BatchLine.Wanted> next = jobs.next();
      if (next.isEmpty()) {
        return;
      }
      begin(next.get(), endings);
    }
  }

  private void begin(BatchLine.Wanted line, Endings endings) {
    Instant now = clock.instant();
    switch (encoder.encode(line.job().template())) {
      case RefusedTemplate(JobError error) ->
          endings.ended(line, new LocalJob(line, checkpoint, List.of(), now).failed(error, now));
      case EncodedTemplate encoded -> {
        LocalJob job = LocalJob.of(line, Template.of(encoded.tokens()), checkpoint, now);
        if (job.late(now)) {
          endings.ended(line, job.expired(now));
          return;
        }
        job.lanes().forEach(lane -> jobOf.put(lane, job));
        waiting.addAll(job.lanes());
        job.job().deadline().ifPresent(_ -> withDeadline.add(job));
      }
    }
  }

  private void takeOut(LocalJob job) {
    withDeadline.remove(job);
    for (Lane lane : job.lanes()) {
      jobOf.remove(lane);
      if (!batch.remove(lane)) {
        waiting.remove(lane);
      }
    }
  }

  @Override
  public void close() {
    batch.close();
    checkpoint.close();
    backend.close();
  }
}
