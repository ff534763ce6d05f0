package io.sedd.protocol.client;

/** A job has no result, or the client cannot work; the message says what to do. */
public class SeddClientException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** For a reason of its own. */
  public SeddClientException(String message) {
    super(message);
  }

  /** For the reason of another. */
  public SeddClientException(String message, Throwable cause) {
    super(message, cause);
  }
}
