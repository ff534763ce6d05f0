package io.sedd.cuda.kernels;

import static io.sedd.cuda.kernels.Device.fp32;

import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.memory.CudaTensor;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.RowLayout;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** One exact categorical draw a row, by inverse distribution over block sums; logits [R, V]. */
final class DrawKernel {

  private static final int THREADS = 256;

  /** Columns of a block sum. */
  private static final int BLOCK = 1024;

  /** Bytes of a rule on the device: seven doubles, a long, two ints. */
  private static final int RULE = 72;

  /** Two doubles and a float a block of columns. */
  private static final int BLOCK_BYTES = 20;

  // answers of the kernel that are no states; all others below 0 name a state
  private static final int SUM_NOT_FINITE = Integer.MIN_VALUE;
  private static final int ALL_ZERO = Integer.MIN_VALUE + 1;

  private final Device device;
  private final LayoutTables layouts;

  DrawKernel(Device device, LayoutTables layouts) {
    this.device = device;
    this.layouts = layouts;
  }

  void draw(CudaTensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    if (logits.size() == 0) {
      return;
    }
    LayoutTables.Tables tables = layouts.of(layout);
    try (Device.Scope _ = device.scope()) {
      long answers = device.bytes((long) Integer.BYTES * drawn.length);
      device.launch(
          "draw.cu",
          "draw_rows",
          Grid.line(logits.rows(), THREADS),
          BLOCK_BYTES * Math.ceilDiv(logits.columns(), BLOCK),
          new KernelArguments()
              .address(fp32(logits))
              .address(tables.sequenceOf())
              .address(tables.positionOf())
              .address(device.upload(own))
              .address(device.upload(packed(rules)))
              .int32(logits.columns())
              .address(answers));
      device.download(answers, drawn);
    }
    for (int r = 0; r < drawn.length; r++) {
      if (drawn[r] < 0) {
        throw refused(logits, layout, r, rules.get(layout.sequenceOf(r)), drawn[r]);
      }
    }
  }

  private static MemorySegment packed(List<DrawRule> rules) {
    ByteBuffer bytes = ByteBuffer.allocate(RULE * rules.size()).order(ByteOrder.nativeOrder());
    for (DrawRule rule : rules) {
      bytes
          .putDouble(rule.alpha())
          .putDouble(rule.beta())
          .putDouble(rule.gamma())
          .putDouble(rule.delta())
          .putDouble(rule.logOffset())
          .putDouble(rule.temperature())
          .putDouble(rule.topP())
          .putLong(rule.seed())
          .putInt(rule.sample())
          .putInt(rule.step());
    }
    return MemorySegment.ofArray(bytes.array());
  }

  private ArithmeticException refused(
      CudaTensor logits, RowLayout layout, int row, DrawRule rule, int answer) {
    String why =
        switch (answer) {
          case SUM_NOT_FINITE -> "the weights of " + rule + " have no finite sum";
          case ALL_ZERO -> "all weights are 0 by " + rule;
          default -> {
            int state = -(answer + 1);
            float[] logit = new float[1];
            device
                .driver()
                .toHost(
                    device.stream(),
                    logits.view((long) row * logits.columns() + state, 1, 1).address(),
                    MemorySegment.ofArray(logit));
            yield "the log score of state " + state + " is " + (logit[0] + rule.logOffset());
          }
        };
    return new ArithmeticException(
        "draw: row %d (sequence %d, position %d): %s"
            .formatted(row, layout.sequenceOf(row), layout.positionOf(row), why));
  }
}
