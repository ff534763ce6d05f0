package io.sedd.cuda.driver;

/** A call of a CUDA library failed, for a reason that is neither memory nor a lost device. */
public final class CudaException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public CudaException(String message) {
    super(message);
  }

  public CudaException(String message, Throwable cause) {
    super(message, cause);
  }
}
