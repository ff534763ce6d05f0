package io.sedd.diffusion.text;

import java.io.IOException;
import java.nio.file.Path;

/** A tokenizer file that cannot be read, or asks for what {@link BytePairTokenizer} does not do. */
public final class TokenizerFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String path;

  TokenizerFormatException(Path file, String path, String problem) {
    super(file + ": " + path + ": " + problem);
    this.path = path;
  }

  private TokenizerFormatException(String message, TokenizerFormatException cause) {
    super(message, cause);
    this.path = cause.path;
  }

  /** The same with what would help. */
  TokenizerFormatException withHint(String hint) {
    return new TokenizerFormatException(getMessage() + "; " + hint, this);
  }

  /** JSON path of the field at fault, such as {@code $.model.merges[3]}. */
  public String path() {
    return path;
  }
}
