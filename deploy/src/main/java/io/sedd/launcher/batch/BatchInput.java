package io.sedd.launcher.batch;

import io.sedd.launcher.batch.BatchLine.Trouble;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The lines of the input one by one, each id once. Not thread-safe. */
final class BatchInput implements AutoCloseable {

  private final InputStream in;
  private final LineReader reader = new LineReader();
  private final Map<String, Long> lineOf = new HashMap<>();
  private long number;

  BatchInput(InputStream in) {
    this.in = new BufferedInputStream(in, 1 << 16);
  }

  /** The next line that is not empty; none at the end. */
  Optional<BatchLine> next() throws IOException {
    while (true) {
      Optional<byte[]> line = bytes();
      if (line.isEmpty()) {
        return Optional.empty();
      }
      number++;
      if (!isBlank(line.get())) {
        return Optional.of(onlyOnce(reader.read(number, line.get())));
      }
    }
  }

  private BatchLine onlyOnce(BatchLine line) {
    if (!(line instanceof BatchLine.Wanted wanted)) {
      return line;
    }
    String id = wanted.job().id();
    Long first = lineOf.putIfAbsent(id, wanted.number());
    return first == null
        ? line
        : new BatchLine.Faulty(
            wanted.number(),
            Optional.of(id),
            wanted.form(),
            new Trouble(
                "duplicate_id",
                "line " + first + " has the same id; give each job one of its own",
                wanted.form() == BatchLine.Form.JOB ? "$.id" : "$.custom_id"));
  }

  /** Up to a line feed, without it; a last line need not have one. */
  private Optional<byte[]> bytes() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b = in.read();
    if (b < 0) {
      return Optional.empty();
    }
    while (b >= 0 && b != '\n') {
      line.write(b);
      b = in.read();
    }
    return Optional.of(line.toByteArray());
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  /** How many lines are not empty; reads to the end. */
  static long count(InputStream in) throws IOException {
    try (BatchInput lines = new BatchInput(in)) {
      long count = 0;
      for (Optional<byte[]> line = lines.bytes(); line.isPresent(); line = lines.bytes()) {
        count += isBlank(line.get()) ? 0 : 1;
      }
      return count;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
