package io.sedd.cuda.kernels;

import io.sedd.cuda.driver.Driver;
import io.sedd.cuda.driver.KernelCompiler;
import io.sedd.cuda.driver.KernelFunction;
import io.sedd.cuda.driver.LoadedModule;
import java.util.HashMap;
import java.util.Map;

/** Functions by name; a source is compiled and loaded when one of its functions is first wanted. */
final class KernelLibrary implements AutoCloseable {

  /** Size of a head that the sources have where nothing else is said. */
  private static final int USUAL_HEAD = 64;

  private record ModuleKey(String source, int head) {}

  private record FunctionKey(String source, int head, String name) {}

  private final Driver driver;
  private final KernelCompiler compiler;
  private final Map<ModuleKey, LoadedModule> modules = new HashMap<>();
  private final Map<FunctionKey, KernelFunction> functions = new HashMap<>();

  KernelLibrary(Driver driver, KernelCompiler compiler) {
    this.driver = driver;
    this.compiler = compiler;
  }

  KernelFunction function(String source, String name) {
    return function(source, USUAL_HEAD, name);
  }

  /**
   * @param head size of a head in packed rows, for the sources of attention
   */
  KernelFunction function(String source, int head, String name) {
    FunctionKey key = new FunctionKey(source, head, name);
    KernelFunction known = functions.get(key);
    if (known == null) {
      known = module(new ModuleKey(source, head)).function(name);
      functions.put(key, known);
    }
    return known;
  }

  private LoadedModule module(ModuleKey key) {
    LoadedModule known = modules.get(key);
    if (known == null) {
      KernelSource usual = KernelSource.read(key.source());
      KernelSource source = key.head() == USUAL_HEAD ? usual : usual.forHead(key.head());
      known = compiler.load(driver, source.name(), source.text());
      modules.put(key, known);
    }
    return known;
  }

  @Override
  public void close() {
    modules.values().forEach(LoadedModule::close);
    modules.clear();
    functions.clear();
  }
}
