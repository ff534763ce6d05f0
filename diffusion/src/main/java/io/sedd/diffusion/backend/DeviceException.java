package io.sedd.diffusion.backend;

/** What a device can fail of that is no fault of the work it was given. Thrown by backends. */
public sealed class DeviceException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private DeviceException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The device has no memory for this work; less work at once may fit. */
  public static final class OutOfMemory extends DeviceException {

    private static final long serialVersionUID = 1;

    public OutOfMemory(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The device does not answer any more: nothing will succeed until its process is started anew.
   */
  public static final class Lost extends DeviceException {

    private static final long serialVersionUID = 1;

    public Lost(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
