package io.sedd.cuda.ptx.syntax;

import java.util.List;
import java.util.Map;

/** A whole PTX text; functions by name, those without a body left out. */
public record PtxModule(
    String target, List<PtxVariable> variables, Map<String, PtxFunction> functions) {}
