package io.sedd.launcher.batch;

import io.sedd.launcher.batch.BatchLine.Form;
import io.sedd.launcher.batch.BatchLine.Trouble;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * What became of each line: results to one place, errors to the other, counts to the display.
 * Thread-safe; its lock guards both places and the display.
 */
final class Endings {

  private final LineSink results;
  private final LineSink errors;
  private final BatchProgress progress;
  private final ResultLines lines = new ResultLines();

  Endings(LineSink results, LineSink errors, BatchProgress progress) {
    this.results = results;
    this.errors = errors;
    this.progress = progress;
  }

  /** A job that ended, well or not. */
  void ended(BatchLine.Wanted line, GenerationResult result) {
    switch (result.outcome()) {
      case COMPLETED -> completed(line, result);
      case FAILED -> {
        JobError error = result.error().orElseThrow();
        failed(line, LineReader.trouble(error, line.form()));
      }
      case EXPIRED -> failed(line, "expired", "its deadline or its time to wait has passed");
      case CANCELLED -> failed(line, "cancelled", "somebody has cancelled it");
    }
  }

  private synchronized void completed(BatchLine.Wanted line, GenerationResult result) {
    write(results, lines.result(line.form(), result));
    progress.completed();
  }

  /** A job without a text, for a reason that lies outside its record. */
  void failed(BatchLine.Wanted line, String code, String message) {
    failed(line, new Trouble(code, message, "$"));
  }

  private void failed(BatchLine.Wanted line, Trouble trouble) {
    failed(line.number(), Optional.of(line.job().id()), line.form(), trouble);
  }

  /** A line that is no job. */
  void faulty(BatchLine.Faulty line) {
    failed(line.number(), line.id(), line.form(), line.trouble());
  }

  private synchronized void failed(long number, Optional<String> id, Form form, Trouble trouble) {
    write(errors, lines.error(number, id, form, trouble));
    progress.failed();
  }

  private static void write(LineSink sink, byte[] line) {
    try {
      sink.append(line);
    } catch (IOException e) {
      throw new UncheckedIOException("a line cannot be written: " + e.getMessage(), e);
    }
  }
}
