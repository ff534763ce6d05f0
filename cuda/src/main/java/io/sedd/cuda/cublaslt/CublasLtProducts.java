package io.sedd.cuda.cublaslt;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.sedd.cuda.driver.Driver;
import io.sedd.cuda.driver.Product;
import io.sedd.cuda.driver.Products;
import io.sedd.cuda.driver.Stream;
import io.sedd.cuda.library.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Products by cuBLASLt, in bf16 or fp32 with sums in fp32. An algorithm is asked for once a shape,
 * and kept for the shapes used last.
 *
 * <p>Its monitor guards the plans, whose descriptions are pointed anew for every product.
 */
public final class CublasLtProducts implements Products {

  /** Bytes that an algorithm may use beside its matrices, a stream; NVIDIA's advice for Hopper. */
  static final long WORKSPACE = 32L << 20;

  /** Plans that are kept, of some 100 bytes each. */
  private static final int MOST_PLANS = 4096;

  private final CublasLt api;
  private final Driver driver;
  private final Runnable enter;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment one;
  private final MemorySegment zero;
  private final long handle;
  private final int mostPlans;

  // guarded by this; the one used last is last
  private final Map<PlannedProduct.Key, PlannedProduct> plans =
      new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Long, Long> workspaces = new HashMap<>();

  /**
   * Opens the library for a card.
   *
   * @param driver of the card, for workspaces; not owned
   * @param enter makes the card's context that of the calling thread, which the library works in
   */
  public CublasLtProducts(NativeFunctions library, Driver driver, Runnable enter) {
    this(library, driver, enter, MOST_PLANS);
  }

  CublasLtProducts(NativeFunctions library, Driver driver, Runnable enter, int mostPlans) {
    this.mostPlans = mostPlans;
    this.api = new CublasLt(library);
    this.driver = driver;
    this.enter = enter;
    this.one = arena.allocateFrom(JAVA_FLOAT, 1f);
    this.zero = arena.allocateFrom(JAVA_FLOAT, 0f);
    enter.run();
    this.handle = api.create();
  }

  /** {@code cuBLASLt 130101}, for the log. */
  public String description() {
    return "cuBLASLt " + api.version();
  }

  @Override
  public synchronized void multiply(
      Stream stream, Product product, long a, long b, long bias, long preActivation, long c) {
    enter.run();
    PlannedProduct plan = plan(PlannedProduct.Key.of(product, a, b, bias, preActivation, c));
    PlannedProduct.point(api, plan.desc(), product, bias, preActivation);
    api.matmul(
        "cublasLtMatmul of " + product,
        handle,
        plan.desc(),
        one,
        b,
        plan.first(),
        a,
        plan.second(),
        product.accumulate() ? one : zero,
        c,
        plan.result(),
        plan.algorithm(),
        plan.workspaceBytes() == 0 ? 0 : workspace(stream),
        plan.workspaceBytes(),
        stream.handle());
  }

  private PlannedProduct plan(PlannedProduct.Key key) {
    PlannedProduct known = plans.get(key);
    if (known == null) {
      known = PlannedProduct.of(api, handle, key, WORKSPACE);
      plans.put(key, known);
      if (plans.size() > mostPlans) {
        var eldest = plans.entrySet().iterator();
        PlannedProduct gone = eldest.next().getValue();
        eldest.remove();
        gone.destroy(api);
      }
    }
    return known;
  }

  /** One a stream: products of two streams may run at the same time. */
  private long workspace(Stream stream) {
    return workspaces.computeIfAbsent(stream.handle(), _ -> driver.allocate(WORKSPACE));
  }

  @Override
  public synchronized void close() {
    enter.run();
    plans.values().forEach(plan -> plan.destroy(api));
    plans.clear();
    workspaces.values().forEach(driver::free);
    workspaces.clear();
    api.destroy(handle);
    arena.close();
  }
}
