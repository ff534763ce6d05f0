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

  /** Promises the backend that these are weights which will not change any more. */
  public void freeze(Backend backend) {
    views.forEach(
        (name, view) -> {
          if (!layout.places().get(name).vector()) {
            backend.freeze(view);
          }
        });
  }

  @Override
  public void close() {
    views.values().forEach(Tensor::close);
    flat.close();
  }
}
