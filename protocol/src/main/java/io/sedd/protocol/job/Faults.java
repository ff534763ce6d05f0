package io.sedd.protocol.job;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one message while it is read; owned by one reader. */
final class Faults {

  /** Enough for a person to mend a message at once, few enough for one record. */
  static final int MOST = 16;

  private final List<JobError> errors = new ArrayList<>();

  void note(JobError.Code code, String path, String message) {
    if (!full()) {
      errors.add(new JobError(code, message, path));
    }
  }

  boolean isEmpty() {
    return errors.isEmpty();
  }

  /** Whether looking for more is of no use. */
  boolean full() {
    return errors.size() >= MOST;
  }

  List<JobError> list() {
    return List.copyOf(errors);
  }
}
