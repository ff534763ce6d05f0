package io.sedd.cuda.ptx.syntax;

import java.util.List;

/**
 * One instruction.
 *
 * @param guard predicate that says which threads run it, or null
 * @param negated whether those run it for which the predicate is false
 * @param name before the first dot
 * @param modifiers what stands between the dots after the name
 * @param line of the PTX, from 1
 * @param text as it is written
 * @param source line of the CUDA source, or "" where the PTX does not tell
 */
public record PtxInstruction(
    Operand guard,
    boolean negated,
    String name,
    List<String> modifiers,
    List<Operand> operands,
    int line,
    String text,
    String source)
    implements PtxStatement {}
