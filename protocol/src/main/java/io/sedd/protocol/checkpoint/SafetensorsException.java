package io.sedd.protocol.checkpoint;

/** A safetensors file that breaks the format, or a tensor that is not what its reader needs. */
public final class SafetensorsException extends CheckpointException {

  private static final long serialVersionUID = 1L;

  public SafetensorsException(String message) {
    super(message);
  }

  public SafetensorsException(String message, Throwable cause) {
    super(message, cause);
  }
}
