package io.sedd.cuda.ptx.syntax;

/** The text is no PTX, or has what is not understood here; the message quotes the line. */
public final class PtxSyntaxException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public PtxSyntaxException(int line, String text, String reason) {
    super("PTX line " + line + " `" + text.strip() + "`: " + reason);
  }
}
