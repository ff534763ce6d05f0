package io.sedd.diffusion.text;

/** A string that is no Unicode text, so that no tokenizer can give it back. */
public final class UntokenizableTextException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  UntokenizableTextException(String message) {
    super(message);
  }
}
