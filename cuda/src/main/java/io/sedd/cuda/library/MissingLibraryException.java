package io.sedd.cuda.library;

/** A library, or a function of it, is not to be had here; the message says what was looked for. */
public final class MissingLibraryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public MissingLibraryException(String message) {
    super(message);
  }
}
