package io.sedd.diffusion.text;

import io.sedd.protocol.job.JobError;
import io.sedd.protocol.job.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns templates into tokens and blanks for one checkpoint. Each text is tokenised by itself: no
 * token crosses a segment's border, so the tokens of "ab" + "c" may differ from those of "abc", and
 * a word that follows a blank should bring its space along. Thread-safe.
 */
public final class TemplateEncoder {

  private final Tokenizer tokenizer;
  private final int length;
  private final int tokens;

  /**
   * An encoder for a checkpoint.
   *
   * @param tokenizer the checkpoint's
   * @param length most positions that the checkpoint's model takes
   * @param tokens number of tokens that the checkpoint knows, without the mask
   */
  public TemplateEncoder(Tokenizer tokenizer, int length, int tokens) {
    this.tokenizer = tokenizer;
    this.length = length;
    this.tokens = tokens;
  }

  /** The template's tokens, or the first thing that is wrong with it. */
  public TemplateEncoding encode(List<Segment> template) {
    List<int[]> parts = new ArrayList<>(template.size());
    long total = 0;
    for (int i = 0; i < template.size(); i++) {
      switch (template.get(i)) {
        case Segment.Text(String text) -> {
          String path = "$.template[" + i + "].text";
          int[] part;
          try {
            part = tokenizer.encode(text);
          } catch (UntokenizableTextException e) {
            return refuse(JobError.Code.NOT_TOKENIZABLE, e.getMessage(), path);
          }
          int foreign = firstForeign(part);
          if (foreign >= 0) {
            return refuse(
                JobError.Code.NOT_TOKENIZABLE,
                "the text needs token " + part[foreign] + "; " + range(),
                path);
          }
          parts.add(part);
          total += part.length;
        }
        case Segment.Tokens(List<Integer> given) -> {
          int[] part = given.stream().mapToInt(Integer::intValue).toArray();
          int foreign = firstForeign(part);
          if (foreign >= 0) {
            return refuse(
                JobError.Code.UNKNOWN_TOKEN,
                "there is no token " + part[foreign] + "; " + range(),
                "$.template[" + i + "].tokens[" + foreign + "]");
          }
          parts.add(part);
          total += part.length;
        }
        // a huge blank is counted before it is made
        case Segment.Blank(int blank) -> {
          total += blank;
          parts.add(total <= length ? blanks(blank) : new int[0]);
        }
      }
    }
    return total <= length ? joined(parts, (int) total) : tooLong(total);
  }

  private static EncodedTemplate joined(List<int[]> parts, int total) {
    int[] all = new int[total];
    int at = 0;
    for (int[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    boolean[] given = new boolean[total];
    for (int i = 0; i < total; i++) {
      given[i] = all[i] != EncodedTemplate.BLANK;
    }
    return new EncodedTemplate(all, given);
  }

  private RefusedTemplate tooLong(long total) {
    return refuse(
        JobError.Code.TOO_LONG,
        "the template has %d tokens, blanks included, and the model takes %d; shorten it"
            .formatted(total, length),
        "$.template");
  }

  private static int[] blanks(int count) {
    int[] blanks = new int[count];
    Arrays.fill(blanks, EncodedTemplate.BLANK);
    return blanks;
  }

  /** Index of the first id that the checkpoint does not know, or -1. */
  private int firstForeign(int[] part) {
    for (int i = 0; i < part.length; i++) {
      if (part[i] < 0 || part[i] >= tokens) {
        return i;
      }
    }
    return -1;
  }

  private String range() {
    return "the checkpoint's ids are 0 to " + (tokens - 1);
  }

  private static RefusedTemplate refuse(JobError.Code code, String message, String path) {
    return new RefusedTemplate(new JobError(code, message, path));
  }
}
