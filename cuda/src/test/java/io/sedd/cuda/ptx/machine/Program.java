package io.sedd.cuda.ptx.machine;

import java.util.List;

/**
 * A kernel that is ready to run.
 *
 * @param ints registers of up to 32 bits; register r of lane l lies at 32 r + l
 * @param longs registers of 64 bits
 * @param predicates registers of one bit a lane, an int each; the first is always true, the second
 *     always false
 * @param constants numbers that stand in the text, which are registers here
 * @param specials registers such as {@code %tid.x}
 * @param localBytes local memory of a thread
 * @param sharedBytes shared memory of a block, without the dynamic one, which begins behind it
 * @param parameterBytes size of the parameters
 * @param parameterOffsets where each parameter begins
 * @param threads most threads of a block, 0 for the machine's 1,024
 */
public record Program(
    String name,
    Instruction[] code,
    int ints,
    int longs,
    int predicates,
    List<Constant> constants,
    List<SpecialRegister> specials,
    int localBytes,
    int sharedBytes,
    int parameterBytes,
    List<Integer> parameterOffsets,
    List<Integer> parameterSizes,
    int threads) {

  /** A register, by the index of its lane 0, that holds the same number always. */
  public record Constant(boolean wide, int base, long bits) {}

  /** A register that the machine fills when a block begins. */
  public record SpecialRegister(String name, boolean wide, int base) {}
}
