package io.sedd.cuda.kernels;

import io.sedd.cuda.memory.CudaTensor;
import io.sedd.cuda.ptx.EmulatedDriver;
import io.sedd.cuda.ptx.machine.Checks;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.GuardedBackend;
import io.sedd.diffusion.backend.Kernels;
import io.sedd.diffusion.backend.Workspace;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Whatever is taken of a workspace counts as memory that was never written. */
final class PoisonedBackend {

  private PoisonedBackend() {}

  static Backend open() {
    EmulatedDriver driver = EmulatedBackend.driver(Checks.ALL.inReverse());
    CudaKernels kernels = EmulatedBackend.kernels(driver, EmulatedBackend.compiler());
    @SuppressWarnings("unchecked")
    Kernels<CudaTensor> poisoning =
        around(
            Kernels.class,
            kernels,
            result ->
                result instanceof Workspace workspace ? poisoning(workspace, driver) : result);
    return new GuardedBackend<>(poisoning);
  }

  private static Workspace poisoning(Workspace workspace, EmulatedDriver driver) {
    return around(
        Workspace.class,
        workspace,
        result -> {
          if (result instanceof CudaTensor tensor && tensor.size() > 0) {
            driver.poison(tensor.address(), tensor.size() * tensor.element().bytes());
          }
          return result;
        });
  }

  /** What happens to the result of each call. */
  private interface After {
    Object of(Object result);
  }

  private static <T> T around(Class<T> type, T target, After after) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              try {
                return after.of(method.invoke(target, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
