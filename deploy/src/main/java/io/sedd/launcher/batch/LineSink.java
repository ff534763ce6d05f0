package io.sedd.launcher.batch;

import java.io.IOException;
import java.io.PrintStream;

/** Where lines go. */
@FunctionalInterface
interface LineSink {

  /** Takes a line, which comes without its line feed. */
  void append(byte[] line) throws IOException;

  /** A stream, such as standard output: nobody can say later what was in it. */
  static LineSink to(PrintStream stream) {
    return line -> {
      stream.write(line);
      stream.write('\n');
      stream.flush();
      if (stream.checkError()) {
        throw new IOException("the output does not take any more");
      }
    };
  }
}
