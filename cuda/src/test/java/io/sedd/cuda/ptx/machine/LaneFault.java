package io.sedd.cuda.ptx.machine;

/** What a lane did wrong, before it is known where: the warp makes a {@link KernelFault} of it. */
public final class LaneFault extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int lane;

  public LaneFault(int lane, String message) {
    super(message, null, false, false);
    this.lane = lane;
  }

  public int lane() {
    return lane;
  }
}
