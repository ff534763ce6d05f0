package io.sedd.cuda.kernels;

import static io.sedd.cuda.kernels.Device.fp32;

import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.memory.CudaTensor;
import io.sedd.diffusion.backend.Dropout;
import io.sedd.diffusion.backend.RowLayout;

/** What happens to a branch on its way back into the row: its gate, and dropout. */
final class GateKernels {

  private static final int LANES = 32;
  private static final int ROWS = 8;
  private static final int THREADS = 256;
  private static final int DROPOUT_THREADS = 128;

  private final Device device;
  private final LayoutTables layouts;

  GateKernels(Device device, LayoutTables layouts) {
    this.device = device;
    this.layouts = layouts;
  }

  /** x += gate ⊙ branch. */
  void addGated(
      CudaTensor branch, CudaTensor modulation, int gateColumn, RowLayout layout, CudaTensor x) {
    if (x.size() == 0) {
      return;
    }
    device.launch(
        "gate.cu",
        "gate_add",
        Grid.line(x.rows(), THREADS),
        new KernelArguments()
            .address(fp32(branch))
            .address(fp32(modulation))
            .int32(modulation.columns())
            .int32(gateColumn)
            .address(layouts.of(layout).sequenceOf())
            .address(fp32(x))
            .int32(x.columns()));
  }

  /** dBranch = gate ⊙ dx; of each sequence dGate += sum_r dx ⊙ branch. */
  void addGatedBackward(
      CudaTensor dx,
      CudaTensor branch,
      CudaTensor modulation,
      int gateColumn,
      RowLayout layout,
      CudaTensor dBranch,
      CudaTensor dModulation) {
    if (dx.size() == 0) {
      return;
    }
    device.launch(
        "gate.cu",
        "gate_add_backward",
        new Grid(layout.sequences(), Math.ceilDiv(dx.columns(), LANES), 1, LANES, ROWS, 1),
        new KernelArguments()
            .address(fp32(dx))
            .address(fp32(branch))
            .address(fp32(modulation))
            .int32(modulation.columns())
            .int32(gateColumn)
            .address(layouts.of(layout).starts())
            .address(fp32(dBranch))
            .address(fp32(dModulation))
            .int32(dx.columns()));
  }

  /** x *= the factors of the dropout. */
  void dropout(Dropout dropout, int site, RowLayout layout, CudaTensor x) {
    if (x.size() == 0) {
      return;
    }
    LayoutTables.Tables tables = layouts.of(layout);
    device.launch(
        "dropout.cu",
        "dropout_rows",
        Grid.line(x.rows(), DROPOUT_THREADS),
        new KernelArguments()
            .address(fp32(x))
            .address(tables.sequenceOf())
            .address(tables.positionOf())
            .int64(dropout.seed())
            .int32(dropout.step())
            .int32(dropout.first())
            .int32(site)
            .int32(dropout.threshold())
            .float32(dropout.kept())
            .int32(x.columns()));
  }
}
