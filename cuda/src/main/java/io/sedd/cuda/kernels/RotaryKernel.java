package io.sedd.cuda.kernels;

import io.sedd.cuda.driver.Element;
import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.memory.CudaMemory;
import io.sedd.cuda.memory.CudaTensor;
import io.sedd.diffusion.backend.RowLayout;
import java.lang.foreign.MemorySegment;

/**
 * Rotary position encoding (arXiv 2104.09864) on the halves of each head of q and k, in place, fp32
 * or bf16. The cosines and sines of the positions are worked out here, in double, and kept on the
 * device.
 */
final class RotaryKernel implements AutoCloseable {

  private static final double BASE = 10_000;
  private static final int THREADS = 256;

  private final Device device;
  private final LayoutTables layouts;
  private final CudaMemory memory;
  private CudaTensor table;
  private int positions;
  private int half;

  RotaryKernel(Device device, LayoutTables layouts, CudaMemory memory) {
    this.device = device;
    this.layouts = layouts;
    this.memory = memory;
  }

  void rotate(CudaTensor qkv, int heads, RowLayout layout, float sign) {
    if (qkv.size() == 0) {
      return;
    }
    int halfHead = qkv.columns() / 3 / heads / 2;
    int last = 0;
    for (int s = 0; s < layout.sequences(); s++) {
      // positions ascend within a sequence
      last = Math.max(last, layout.length(s) == 0 ? 0 : layout.positionOf(layout.end(s) - 1));
    }
    prepare(last + 1, halfHead);
    device.launch(
        "rotary.cu",
        qkv.element() == Element.BF16 ? "rotary_rotate_bf16" : "rotary_rotate",
        Grid.line(qkv.rows(), THREADS),
        new KernelArguments()
            .address(qkv.address())
            .address(layouts.of(layout).positionOf())
            .address(table.address())
            .int32(heads)
            .int32(halfHead)
            .float32(sign));
  }

  /** Makes the table large enough; sizes double, so that it is made a few times only. */
  private void prepare(int wanted, int halfHead) {
    if (wanted <= positions && halfHead == half) {
      return;
    }
    int count = Math.max(Integer.highestOneBit(2 * wanted - 1), 1);
    float[] angles = new float[Math.multiplyExact(2 * halfHead, count)];
    for (int p = 0; p < count; p++) {
      for (int j = 0; j < halfHead; j++) {
        double angle = p * Math.pow(BASE, -(double) j / halfHead);
        angles[2 * (p * halfHead + j)] = (float) Math.cos(angle);
        angles[2 * (p * halfHead + j) + 1] = (float) Math.sin(angle);
      }
    }
    close();
    table = memory.unset(Element.F32, count, 2 * halfHead);
    device.driver().toDevice(device.stream(), MemorySegment.ofArray(angles), table.address());
    positions = count;
    half = halfHead;
  }

  @Override
  public void close() {
    if (table != null) {
      table.close();
      table = null;
      positions = 0;
    }
  }
}
