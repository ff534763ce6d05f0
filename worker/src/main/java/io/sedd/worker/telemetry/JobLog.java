package io.sedd.worker.telemetry;

import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.JobError;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.publishing.Suspicion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A log line for each job that ended, with its id as a field of its own. Completed jobs are logged
 * at level debug: there may be thousands a second.
 *
 * @param texts whether generated texts, which have the prompt in them, are logged too, at level
 *     info; error messages may quote a job, so they count as texts
 */
public record JobLog(boolean texts) implements JobWatch {

  private static final Logger log = LoggerFactory.getLogger(JobLog.class);

  @Override
  public void settled(RecordPosition position, Settlement settlement) {
    switch (settlement) {
      case Settlement.Ended(GenerationResult result, _) -> ended(position, result);
      case Settlement.Refused(JobError error, var result) -> {
        LoggingEventBuilder line = log.atWarn().addKeyValue("record", at(position));
        if (result.isPresent()) {
          line = line.addKeyValue("job", result.get().jobId());
        }
        withError(line, error).log("record refused");
      }
      case Settlement.SentAgain(Suspicion suspicion) ->
          log.atWarn()
              .addKeyValue("record", at(position))
              .addKeyValue("loneStarts", suspicion.loneStarts())
              .log("record sent again: its deliveries had no end");
    }
  }

  private void ended(RecordPosition position, GenerationResult result) {
    Level level = level(result.outcome());
    if (!log.isEnabledForLevel(level)) {
      return;
    }
    LoggingEventBuilder line =
        log.atLevel(level)
            .addKeyValue("job", result.jobId())
            .addKeyValue("record", at(position))
            .addKeyValue("outcome", result.outcome().wireName())
            .addKeyValue("checkpoint", result.checkpoint().map(by -> by.name()).orElse(""))
            .addKeyValue("steps", result.steps())
            .addKeyValue("queueMillis", result.queueMillis())
            .addKeyValue("denoiseMillis", result.denoiseMillis());
    if (result.error().isPresent()) {
      line = withError(line, result.error().get());
    }
    if (texts) {
      line =
          line.addKeyValue(
              "texts", result.samples().stream().map(GenerationResult.Sample::text).toList());
    }
    line.log("job ended");
  }

  private LoggingEventBuilder withError(LoggingEventBuilder line, JobError error) {
    LoggingEventBuilder coded = line.addKeyValue("error", error.code().wireName());
    return texts ? coded.addKeyValue("detail", error.message()) : coded;
  }

  private static String at(RecordPosition position) {
    return position.partition() + "@" + position.offset();
  }

  private Level level(Outcome outcome) {
    return switch (outcome) {
      case FAILED -> Level.WARN;
      case EXPIRED, CANCELLED -> Level.INFO;
      case COMPLETED -> texts ? Level.INFO : Level.DEBUG;
    };
  }
}
