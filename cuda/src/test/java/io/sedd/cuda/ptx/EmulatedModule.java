package io.sedd.cuda.ptx;

import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.driver.DeviceProperties;
import io.sedd.cuda.driver.KernelFunction;
import io.sedd.cuda.driver.LoadedModule;
import io.sedd.cuda.ptx.machine.GlobalMemory;
import io.sedd.cuda.ptx.operation.Translator;
import io.sedd.cuda.ptx.syntax.PtxFunction;
import io.sedd.cuda.ptx.syntax.PtxModule;
import io.sedd.cuda.ptx.syntax.PtxParser;
import io.sedd.cuda.ptx.syntax.PtxVariable;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The kernels of a PTX text, ready to run, and its variables in global memory. */
final class EmulatedModule implements LoadedModule {

  private final Map<String, EmulatedFunction> functions;

  private EmulatedModule(Map<String, EmulatedFunction> functions) {
    this.functions = functions;
  }

  static EmulatedModule load(String ptx, DeviceProperties device, GlobalMemory memory) {
    PtxModule module = PtxParser.parse(ptx);
    checkTarget(module.target(), device);
    Map<String, Long> variables = new HashMap<>();
    for (PtxVariable variable : module.variables()) {
      if (!variable.space().equals("shared")) {
        byte[] content =
            variable.initial() == null ? new byte[(int) variable.bytes()] : variable.initial();
        long address = memory.allocate(content.length, "variable " + variable.name());
        memory.store(address, content);
        variables.put(variable.name(), address);
      }
    }
    Map<String, EmulatedFunction> functions = new TreeMap<>();
    for (PtxFunction function : module.functions().values()) {
      if (function.kernel()) {
        functions.put(
            function.name(),
            new EmulatedFunction(Translator.translate(module, function, variables)));
      }
    }
    return new EmulatedModule(functions);
  }

  /** sm_80 runs on 8.0 and newer, sm_90a on 9.0 alone. */
  private static void checkTarget(String target, DeviceProperties device) {
    String digits = target.replaceAll("\\D", "");
    int wanted = digits.isEmpty() ? 0 : Integer.parseInt(digits);
    int has = 10 * device.major() + device.minor();
    if (target.endsWith("a") ? wanted != has : wanted > has) {
      throw new CudaException(
          "PTX for %s does not run on a device of %d.%d"
              .formatted(target, device.major(), device.minor()));
    }
  }

  @Override
  public KernelFunction function(String name) {
    KernelFunction function = functions.get(name);
    if (function == null) {
      throw new CudaException("no kernel '%s', only %s".formatted(name, functions.keySet()));
    }
    return function;
  }

  @Override
  public void close() {}
}
