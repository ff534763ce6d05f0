package io.sedd.worker.scheduling;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.Segment;
import java.util.Map;

/** The heap that a job takes while it is here, its record included; an estimate from above. */
final class JobFootprint {

  /** Of a job of one blank: measured some 900 bytes, most of it in a dozen small objects. */
  private static final long EMPTY = 1024;

  /** Of a character: two in a string that is not Latin, up to three in the record. */
  private static final long CHARACTER = 5;

  /** Of a token: a boxed number, a reference, its digits in the record. */
  private static final long TOKEN = 32;

  private static final long ENTRY = 96;

  private JobFootprint() {}

  static long bytes(GenerationJob job) {
    long bytes = EMPTY + CHARACTER * job.id().length();
    for (Segment segment : job.template()) {
      bytes +=
          switch (segment) {
            case Segment.Text(String text) -> ENTRY + CHARACTER * text.length();
            case Segment.Tokens(var tokens) -> ENTRY + TOKEN * tokens.size();
            case Segment.Blank _ -> ENTRY;
          };
    }
    for (Map.Entry<String, String> entry : job.metadata().entrySet()) {
      bytes += ENTRY + CHARACTER * (entry.getKey().length() + entry.getValue().length());
    }
    return bytes;
  }
}
