package io.sedd.protocol.job;

import java.util.List;

/** One piece of a job's template; the template is the concatenation of its segments. */
public sealed interface Segment {

  /** Given text, kept as it is; the checkpoint's tokenizer decides how many tokens it has. */
  record Text(String text) implements Segment {}

  /** Given tokens, kept as they are. */
  record Tokens(List<Integer> tokens) implements Segment {
    public Tokens {
      tokens = List.copyOf(tokens);
    }
  }

  /** {@code length} positions for the model to fill; at least 1. */
  record Blank(int length) implements Segment {}
}
