package io.sedd.cuda.kernels;

import static io.sedd.cuda.kernels.Device.fp32;
import static io.sedd.cuda.kernels.Device.ifKept;

import io.sedd.cuda.driver.Element;
import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.memory.CudaTensor;
import io.sedd.diffusion.backend.RowLayout;

/**
 * z = n w (1 + scale) + shift, n the normed row, and its gradients; x, z [R, h], statistics [R, 2];
 * z fp32 or bf16.
 */
final class NormKernels {

  private static final int LANES = 32;
  private static final int WARPS = 8;
  private static final int THREADS = 256;

  private final Device device;
  private final LayoutTables layouts;

  NormKernels(Device device, LayoutTables layouts) {
    this.device = device;
    this.layouts = layouts;
  }

  void normModulate(
      CudaTensor x,
      CudaTensor weight,
      CudaTensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      CudaTensor statistics,
      CudaTensor z) {
    if (x.size() == 0) {
      return;
    }
    device.launch(
        "norm.cu",
        "norm_modulate",
        rows(x),
        new KernelArguments()
            .address(fp32(x))
            .address(fp32(weight))
            .address(fp32(modulation))
            .int32(modulation.columns())
            .int32(shiftColumn)
            .int32(scaleColumn)
            .address(layouts.of(layout).sequenceOf())
            .address(fp32(statistics))
            .address(ifKept(Element.F32, z))
            .address(ifKept(Element.BF16, z))
            .int32(x.rows())
            .int32(x.columns()));
  }

  void normModulateBackward(
      CudaTensor dz,
      CudaTensor x,
      CudaTensor weight,
      CudaTensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      CudaTensor statistics,
      CudaTensor dx,
      CudaTensor dWeight,
      CudaTensor dModulation) {
    if (x.size() == 0) {
      return;
    }
    LayoutTables.Tables tables = layouts.of(layout);
    device.launch(
        "norm.cu",
        "norm_modulate_backward",
        rows(x),
        new KernelArguments()
            .address(fp32(dz))
            .address(fp32(x))
            .address(fp32(weight))
            .address(fp32(modulation))
            .int32(modulation.columns())
            .int32(scaleColumn)
            .address(tables.sequenceOf())
            .address(fp32(statistics))
            .address(fp32(dx))
            .int32(x.rows())
            .int32(x.columns()));
    try (Device.Scope _ = device.scope()) {
      CudaTensor products = device.take(Element.F32, layout.sequences(), x.columns());
      device.launch(
          "norm.cu",
          "norm_sequence_gradients",
          new Grid(layout.sequences(), Math.ceilDiv(x.columns(), LANES), 1, LANES, WARPS, 1),
          new KernelArguments()
              .address(fp32(dz))
              .address(fp32(x))
              .address(fp32(weight))
              .address(fp32(statistics))
              .address(tables.starts())
              .address(fp32(dModulation))
              .int32(modulation.columns())
              .int32(shiftColumn)
              .int32(scaleColumn)
              .address(products.address())
              .int32(x.columns()));
      device.launch(
          "norm.cu",
          "norm_weight_gradient",
          Grid.line(Math.ceilDiv(x.columns(), THREADS), THREADS),
          new KernelArguments()
              .address(products.address())
              .address(fp32(modulation))
              .int32(modulation.columns())
              .int32(scaleColumn)
              .address(fp32(dWeight))
              .int32(layout.sequences())
              .int32(x.columns()));
    }
  }

  /** A warp a row. */
  private static Grid rows(CudaTensor x) {
    return new Grid(Math.ceilDiv(x.rows(), WARPS), 1, 1, LANES, WARPS, 1);
  }
}
