package io.sedd.cuda.ptx.syntax;

import java.util.List;

/**
 * A kernel ({@code .entry}) or a device function ({@code .func}).
 *
 * @param results where a device function leaves what it returns
 * @param variables local, shared and param variables of its body
 * @param threads most threads a block that it was compiled for, 0 where it does not say
 */
public record PtxFunction(
    String name,
    boolean kernel,
    List<PtxVariable> results,
    List<PtxVariable> parameters,
    List<PtxVariable> variables,
    List<PtxStatement> body,
    int threads) {}
