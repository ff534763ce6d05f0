package io.sedd.diffusion.text;

import java.io.IOException;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A library that runs every kind of {@code tokenizer.json}, found on the class path by {@link
 * ServiceLoader}, so that nobody carries one that he does not use.
 */
public interface TokenizerEngine {

  /**
   * A tokenizer of the file's content.
   *
   * @throws IOException with the library's reason, if it cannot run it
   */
  Loaded load(String json) throws IOException;

  /** One tokenizer. Thread-safe. */
  interface Loaded {

    /** The text's tokens, with no special ones added. */
    int[] encode(String text);

    /** Their text. */
    String decode(int[] tokens);
  }

  /** The first on the class path. */
  static Optional<TokenizerEngine> find() {
    return ServiceLoader.load(TokenizerEngine.class).findFirst();
  }
}
