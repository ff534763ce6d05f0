package io.sedd.cuda.kernels;

import static io.sedd.cuda.kernels.Device.fp32;
import static io.sedd.cuda.kernels.Device.ifKept;

import io.sedd.cuda.driver.Element;
import io.sedd.cuda.driver.Epilogue;
import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.driver.Product;
import io.sedd.cuda.driver.Products;
import io.sedd.cuda.memory.CudaTensor;
import io.sedd.diffusion.backend.Activation;

/**
 * y = f(u), u = x Wᵀ + b, and its gradients; x [R, in], W [out, in], b [1, out] or null, u, y [R,
 * out]. Both factors of every product are rounded to bf16 first, unless they are kept so; sums are
 * fp32. x and y may be bf16.
 *
 * <p>Where a result lies at an address that the products cannot write to (views at odd offsets), it
 * takes a detour through scratch memory.
 */
final class LinearKernels {

  private static final int THREADS = 256;
  private static final int LANES = 32;
  private static final int ROWS = 8;

  /** Rows of which one block sums the columns. It decides the order of the sums. */
  private static final int CHUNK = 256;

  /** Bytes of which the addresses of {@link Products} are multiples. */
  private static final int ALIGNMENT = 16;

  /** Columns of which the pre-activation of the products' epilogue must have a multiple. */
  private static final int KEPT_COLUMNS = 8;

  private final Device device;
  private final Products products;
  private final ElementKernels elements;

  LinearKernels(Device device, Products products, ElementKernels elements) {
    this.device = device;
    this.products = products;
    this.elements = elements;
  }

  void linear(
      CudaTensor x,
      CudaTensor weight,
      CudaTensor bias,
      Activation activation,
      CudaTensor preActivation,
      CudaTensor y) {
    if (y.size() == 0) {
      return;
    }
    // what the products' own epilogue does not do is done by a kernel behind it
    boolean fused =
        preActivation == null ? activation != Activation.SILU : keeps(preActivation, activation, y);
    try (Device.Scope _ = device.scope()) {
      Element kept = fused ? y.element() : Element.F32;
      CudaTensor target =
          aligned(y) && y.element() == kept ? y : device.take(kept, y.rows(), y.columns());
      Epilogue epilogue = fused ? epilogue(bias != null, activation) : Epilogue.NONE;
      boolean keep = fused && preActivation != null;
      products.multiply(
          device.stream(),
          new Product(
              x.rows(),
              x.columns(),
              y.columns(),
              false,
              true,
              Element.BF16,
              kept,
              false,
              epilogue,
              keep),
          elements.narrowed(x),
          elements.narrowed(weight),
          epilogue.bias() ? as(kept, bias) : 0,
          keep ? fp32(preActivation) : 0,
          target.address());
      if (!fused) {
        device.launch(
            "activation.cu",
            "activation_forward",
            Grid.line(y.rows(), THREADS),
            new KernelArguments()
                .address(target.address())
                .address(fp32(bias))
                .address(fp32(preActivation))
                .address(ifKept(Element.F32, y))
                .address(ifKept(Element.BF16, y))
                .int32(y.columns())
                .int32(code(activation)));
      } else if (target != y) {
        device.driver().copy(device.stream(), target.address(), y.address(), y.bytes());
      }
    }
  }

  /** The bias in the kind of numbers that the product writes. */
  private long as(Element kept, CudaTensor bias) {
    return kept == Element.BF16 ? elements.narrowed(bias) : fp32(bias);
  }

  private static Epilogue epilogue(boolean biased, Activation activation) {
    return switch (activation) {
      case NONE -> biased ? Epilogue.BIAS : Epilogue.NONE;
      case GELU -> biased ? Epilogue.BIAS_GELU : Epilogue.GELU;
      case SILU -> throw new IllegalArgumentException("no epilogue has SiLU");
    };
  }

  /** dy becomes du = dy f'(u); dx = du W; dW += duᵀ x; db += sum_r du. */
  void linearBackward(
      CudaTensor dy,
      CudaTensor x,
      CudaTensor weight,
      Activation activation,
      CudaTensor preActivation,
      CudaTensor dx,
      CudaTensor dWeight,
      CudaTensor dBias) {
    if (dy.size() == 0) {
      return;
    }
    if (activation != Activation.NONE) {
      device.launch(
          "activation.cu",
          "activation_backward",
          Grid.line(dy.rows(), THREADS),
          new KernelArguments()
              .address(fp32(preActivation))
              .address(fp32(dy))
              .int32(dy.columns())
              .int32(code(activation)));
    }
    if (dBias != null) {
      biasGradient(dy, dBias);
    }
    try (Device.Scope _ = device.scope()) {
      long du = elements.narrowed(dy);
      weightGradient(du, dy.rows(), elements.narrowed(x), dWeight);
      if (dx != null) {
        inputGradient(du, elements.narrowed(weight), weight.rows(), dx);
      }
    }
  }

  private void biasGradient(CudaTensor du, CudaTensor dBias) {
    int columns = du.columns();
    int chunks = Math.ceilDiv(du.rows(), CHUNK);
    try (Device.Scope _ = device.scope()) {
      CudaTensor partial = device.take(Element.F32, chunks, columns);
      device.launch(
          "columns.cu",
          "columns_partial",
          new Grid(Math.ceilDiv(columns, LANES), chunks, 1, LANES, ROWS, 1),
          new KernelArguments()
              .address(fp32(du))
              .address(partial.address())
              .int32(du.rows())
              .int32(columns)
              .int32(CHUNK));
      device.launch(
          "columns.cu",
          "columns_total",
          Grid.line(Math.ceilDiv(columns, THREADS), THREADS),
          new KernelArguments()
              .address(partial.address())
              .address(fp32(dBias))
              .int32(chunks)
              .int32(columns));
    }
  }

  private void weightGradient(long du, int rows, long x, CudaTensor dWeight) {
    boolean direct = aligned(dWeight);
    CudaTensor target =
        direct ? dWeight : device.take(Element.F32, dWeight.rows(), dWeight.columns());
    Product product =
        new Product(
            dWeight.rows(),
            rows,
            dWeight.columns(),
            true,
            false,
            Element.BF16,
            Element.F32,
            direct,
            Epilogue.NONE,
            false);
    products.multiply(device.stream(), product, du, x, 0, 0, target.address());
    if (!direct) {
      elements.add(target.address(), dWeight);
    }
  }

  private void inputGradient(long du, long weight, int inner, CudaTensor dx) {
    CudaTensor target = aligned(dx) ? dx : device.take(Element.F32, dx.rows(), dx.columns());
    Product product =
        new Product(
            dx.rows(),
            inner,
            dx.columns(),
            false,
            false,
            Element.BF16,
            Element.F32,
            false,
            Epilogue.NONE,
            false);
    products.multiply(device.stream(), product, du, weight, 0, 0, target.address());
    if (target != dx) {
      device.driver().copy(device.stream(), target.address(), fp32(dx), dx.bytes());
    }
  }

  private static boolean aligned(CudaTensor tensor) {
    return tensor.address() % ALIGNMENT == 0;
  }

  /** Whether the products' own epilogue can keep what GELU is applied to. */
  private static boolean keeps(CudaTensor preActivation, Activation activation, CudaTensor y) {
    return activation == Activation.GELU
        && y.element() == Element.F32
        && aligned(preActivation)
        && preActivation.columns() % KEPT_COLUMNS == 0;
  }

  private static int code(Activation activation) {
    return switch (activation) {
      case NONE -> 0;
      case GELU -> 1;
      case SILU -> 2;
    };
  }
}
