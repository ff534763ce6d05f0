package io.sedd.worker.publishing;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.Segment;
import java.util.Locale;

/** What a template asks for; a label of the metrics. */
public enum JobKind {
  /** Nothing is given. */
  FREE,
  /** Given text, then blank to the end. */
  PREFIX,
  /** Anything else. */
  INFILL;

  /** The kind of a job. */
  public static JobKind of(GenerationJob job) {
    int changes = 0;
    boolean startsBlank = job.template().getFirst() instanceof Segment.Blank;
    boolean blank = startsBlank;
    for (Segment segment : job.template()) {
      boolean next = segment instanceof Segment.Blank;
      changes += next == blank ? 0 : 1;
      blank = next;
    }
    if (startsBlank) {
      return changes == 0 ? FREE : INFILL;
    }
    return changes == 1 ? PREFIX : INFILL;
  }

  /** As a label's value. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
