package io.sedd.cuda.library;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeMap;

/** Functions as a header declares them, {@code cuMemFree_v2(CUdeviceptr)}, as layouts. */
public final class HeaderTypes {

  private static final Set<String> INTS =
      Set.of("int", "unsigned int", "CUdevice", "enum", "nvrtcResult", "int32_t");

  private static final Set<String> LONGS =
      Set.of("size_t", "unsigned long long", "CUdeviceptr", "handle", "uint64_t", "int64_t");

  private HeaderTypes() {}

  /** Declarations, a line each, that all return an int. */
  public static TreeMap<String, FunctionDescriptor> parse(String declarations) {
    TreeMap<String, FunctionDescriptor> types = new TreeMap<>();
    declarations
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .forEach(
            line -> {
              int open = line.indexOf('(');
              MemoryLayout[] arguments =
                  Arrays.stream(line.substring(open + 1, line.length() - 1).split(","))
                      .map(String::strip)
                      .map(HeaderTypes::layout)
                      .toArray(MemoryLayout[]::new);
              types.put(line.substring(0, open), FunctionDescriptor.of(JAVA_INT, arguments));
            });
    return types;
  }

  private static MemoryLayout layout(String type) {
    if (type.endsWith("*")) {
      return ADDRESS;
    }
    if (INTS.contains(type)) {
      return JAVA_INT;
    }
    if (LONGS.contains(type)) {
      return JAVA_LONG;
    }
    throw new IllegalArgumentException("unknown type " + type);
  }
}
