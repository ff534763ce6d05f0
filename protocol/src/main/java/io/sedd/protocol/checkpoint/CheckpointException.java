package io.sedd.protocol.checkpoint;

/**
 * A checkpoint, or a file of one, that cannot be used. The message names the file, what in it is
 * wrong, with the numbers, and what to do. Plain input and output failures stay {@link
 * java.io.IOException}s.
 */
public class CheckpointException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public CheckpointException(String message) {
    super(message);
  }

  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
