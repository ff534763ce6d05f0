package io.sedd.diffusion.backend;

/**
 * Memory of a device that has its own.
 *
 * @param totalBytes of the device
 * @param freeBytes of these, that nobody has taken, in this process or another
 */
public record DeviceMemory(long totalBytes, long freeBytes) {

  /** Taken by whoever. */
  public long usedBytes() {
    return totalBytes - freeBytes;
  }
}
