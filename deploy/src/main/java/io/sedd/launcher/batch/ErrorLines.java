package io.sedd.launcher.batch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where errors go: a file, which is begun anew since it tells of one run, or standard error. Each
 * line is out at once.
 */
record ErrorLines(LineSink sink, AutoCloseable owned) implements LineSink, AutoCloseable {

  static ErrorLines to(Optional<Path> file) throws IOException {
    if (file.isEmpty()) {
      return new ErrorLines(LineSink.to(System.err), () -> {});
    }
    OutputStream out = Files.newOutputStream(file.get());
    LineSink lines =
        line -> {
          out.write(line);
          out.write('\n');
        };
    return new ErrorLines(lines, out);
  }

  @Override
  public void append(byte[] line) throws IOException {
    sink.append(line);
  }

  @Override
  public void close() throws IOException {
    try {
      owned.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
