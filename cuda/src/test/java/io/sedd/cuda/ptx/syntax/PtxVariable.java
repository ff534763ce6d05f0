package io.sedd.cuda.ptx.syntax;

/**
 * A variable or parameter.
 *
 * @param space without its dot: global, const, shared, local, param
 * @param bytes its size; 0 for an array without a length, which is the dynamic shared memory
 * @param initial its first content, or null
 */
public record PtxVariable(String space, int alignment, String name, long bytes, byte[] initial) {}
