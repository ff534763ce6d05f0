package io.sedd.cuda.driver;

/**
 * What a device is.
 *
 * @param name as its maker calls it
 * @param major of the compute capability
 * @param minor of the compute capability
 * @param multiprocessors their number
 * @param sharedBytesPerBlock most shared memory that a block may opt in to
 * @param totalBytes device memory, used or not
 * @param driverVersion newest CUDA that the driver understands, as 1000 major + 10 minor: 12040 is
 *     12.4
 */
public record DeviceProperties(
    String name,
    int major,
    int minor,
    int multiprocessors,
    int sharedBytesPerBlock,
    long totalBytes,
    int driverVersion) {}
