package io.sedd.launcher.batch;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** The jobs that are still to be done: faulty lines go to the errors, done ones are passed over. */
final class JobFeed {

  private final BatchInput input;
  private final Set<String> done;
  private final Endings endings;

  JobFeed(BatchInput input, Set<String> done, Endings endings) {
    this.input = input;
    this.done = done;
    this.endings = endings;
  }

  /** The next job; none at the end of the input. */
  Optional<BatchLine.Wanted> next() throws IOException {
    while (true) {
      Optional<BatchLine> line = input.next();
      if (line.isEmpty()) {
        return Optional.empty();
      }
      switch (line.get()) {
        case BatchLine.Faulty faulty -> endings.faulty(faulty);
        case BatchLine.Wanted wanted -> {
          if (!done.contains(wanted.job().id())) {
            return Optional.of(wanted);
          }
        }
      }
    }
  }
}
