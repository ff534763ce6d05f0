package io.sedd.launcher.bench;

import io.sedd.diffusion.network.NetworkShape;
import java.util.List;
import java.util.OptionalLong;

/**
 * Everything that was measured.
 *
 * @param subject name of the checkpoint or shape
 * @param shape its network
 * @param parameters how many numbers that is
 * @param machine processor, cores, system, Java
 * @param types one a type of numbers
 * @param peakBytes most memory of this process, where the system tells
 * @param notes what could not be measured and why
 */
record BenchReport(
    String subject,
    NetworkShape shape,
    long parameters,
    String machine,
    List<TypeReport> types,
    OptionalLong peakBytes,
    List<String> notes) {}
