package io.sedd.diffusion.network;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One number for every parameter of a network: the weights themselves, or their gradients, moments
 * or moving average. All of them lie in one flat tensor, so that the optimizer's update is one
 * call; each is also a named view.
 */
public final class Parameters implements AutoCloseable {

  private final ParameterLayout layout;
  private final Tensor flat;
  private final Map<String, Tensor> views = new LinkedHashMap<>();

  private Parameters(ParameterLayout layout, Tensor flat) {
    this.layout = layout;
    this.flat = flat;
    layout
        .places()
        .forEach((name, p) -> views.put(name, flat.view(p.offset(), p.rows(), p.columns())));
  }

  /** All zero; owned by the caller. */
  public static Parameters create(NetworkShape shape, Backend backend) {
    ParameterLayout layout = new ParameterLayout(shape);
    return new Parameters(layout, backend.allocate(1, layout.size()));
  }

  /** Everything as one row, gaps between the parameters included. */
  public Tensor flat() {
    return flat;
  }

  /** Official names, in the official order. */
  public Set<String> names() {
    return views.keySet();
  }

  /**
   * A parameter by its official name; vectors are [1, n].
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public Tensor tensor(String name) {
    Tensor view = views.get(name);
    if (view == null) {
      throw new IllegalArgumentException("the network has no parameter '" + name + "'");
    }
    return view;
  }

  /** Names, shapes and places. */
  public ParameterLayout layout() {
    return layout;
  }

  /**
   * Promises the backend that these are weights which will not change any more. Where it keeps the
   * weights of the products in a form of its own, the flat tensor is given back: they can then be
   * used by a network, but not be read.
   */
  @SuppressWarnings("ReferenceEquality") // the very same tensor is what says that nothing moved
  public void freeze(Backend backend) {
    boolean moved = false;
    for (Map.Entry<String, Tensor> entry : views.entrySet()) {
      if (isFactor(entry.getKey())) {
        Tensor view = entry.getValue();
        entry.setValue(backend.freeze(view));
        moved |= entry.getValue() != view;
      }
    }
    if (!moved) {
      return;
    }
    for (Map.Entry<String, Tensor> entry : views.entrySet()) {
      if (!isFactor(entry.getKey())) {
        Tensor view = entry.getValue();
        entry.setValue(backend.allocate(view.rows(), view.columns()));
        backend.copy(view, entry.getValue());
      }
    }
    flat.close();
  }

  /** Whether it is a factor of a matrix product: neither a vector nor a table of embeddings. */
  private boolean isFactor(String name) {
    return !layout.places().get(name).vector() && !name.endsWith(".embedding");
  }

  @Override
  public void close() {
    views.values().forEach(Tensor::close);
    flat.close();
  }
}
