package io.sedd.cuda.ptx.machine;

/**
 * A kernel did what it must not do. The message names kernel, instruction, block and thread, as
 * compute-sanitizer would on a card.
 */
public final class KernelFault extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public KernelFault(String message) {
    super(message);
  }
}
