package io.sedd.cuda.driver;

/**
 * What kernels are compiled for.
 *
 * @param major of the compute capability
 * @param minor of the compute capability
 * @param specific whether the instructions that only this very architecture has may be used
 *     (wgmma); such PTX loads on no other
 */
public record Architecture(int major, int minor, boolean specific) {

  public static final Architecture SM_80 = new Architecture(8, 0, false);
  public static final Architecture SM_90A = new Architecture(9, 0, true);
  public static final Architecture SM_100 = new Architecture(10, 0, false);

  /** The one that fits a device best. */
  public static Architecture of(DeviceProperties device) {
    boolean hopper = device.major() == 9 && device.minor() == 0;
    return new Architecture(device.major(), device.minor(), hopper);
  }

  /** As NVRTC takes it for PTX: {@code compute_90a}. */
  public String virtual() {
    return "compute_" + suffix();
  }

  /** As the tools call the card: {@code sm_90a}. */
  public String real() {
    return "sm_" + suffix();
  }

  private String suffix() {
    return "" + major + minor + (specific ? "a" : "");
  }
}
