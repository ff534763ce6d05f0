package io.sedd.cuda.kernels;

import static io.sedd.cuda.kernels.Device.fp32;

import io.sedd.cuda.driver.Element;
import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.memory.CudaMemory;
import io.sedd.cuda.memory.CudaTensor;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.PendingDraw;
import io.sedd.diffusion.backend.RowLayout;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One exact categorical draw a row, by inverse distribution over block sums; logits [R, V]. Answers
 * of draws that have been begun stay on the device until one is waited for, and come in one copy.
 */
final class DrawKernel implements AutoCloseable {

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

  /** Rows for whose answers there is room at first. */
  private static final int FIRST = 1 << 14;

  private final Device device;
  private final LayoutTables layouts;
  private final CudaMemory memory;
  private final List<Begun> begun = new ArrayList<>();
  private CudaTensor answers;
  private int used;

  DrawKernel(Device device, LayoutTables layouts, CudaMemory memory) {
    this.device = device;
    this.layouts = layouts;
    this.memory = memory;
  }

  /** Rows whose answers lie on the device, from {@code first} on, or have been fetched. */
  private final class Begun implements PendingDraw {

    private final RowLayout layout;
    private final List<DrawRule> rules;
    private final int[] drawn;
    private final int first;

    Begun(RowLayout layout, List<DrawRule> rules, int[] drawn, int first) {
      this.layout = layout;
      this.rules = rules;
      this.drawn = drawn;
      this.first = first;
    }

    @Override
    public void await() {
      if (begun.contains(this)) {
        fetch();
      }
      for (int r = 0; r < drawn.length; r++) {
        if (drawn[r] < 0) {
          throw refused(layout, r, rules.get(layout.sequenceOf(r)), drawn[r]);
        }
      }
    }
  }

  void draw(CudaTensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    begin(logits, layout, own, rules, drawn).await();
  }

  PendingDraw begin(
      CudaTensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    if (logits.size() == 0) {
      return PendingDraw.DONE;
    }
    makeRoom(drawn.length);
    LayoutTables.Tables tables = layouts.of(layout);
    try (Device.Scope _ = device.scope()) {
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
              .address(answers.address() + (long) Integer.BYTES * used));
    }
    Begun draw = new Begun(layout, rules, drawn, used);
    begun.add(draw);
    used += drawn.length;
    return draw;
  }

  private void makeRoom(int rows) {
    int room = answers == null ? 0 : answers.columns();
    if (used + rows <= room) {
      return;
    }
    fetch();
    if (rows > room) {
      close();
      answers = memory.unset(Element.F32, 1, Math.max(FIRST, Math.addExact(rows, rows / 2)));
    }
  }

  /** Waits for all draws that have been begun. */
  private void fetch() {
    if (used > 0) {
      int[] all = new int[used];
      device.download(answers.address(), all);
      for (Begun draw : begun) {
        System.arraycopy(all, draw.first, draw.drawn, 0, draw.drawn.length);
      }
    }
    begun.clear();
    used = 0;
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

  private static ArithmeticException refused(RowLayout layout, int row, DrawRule rule, int answer) {
    String why =
        switch (answer) {
          case SUM_NOT_FINITE -> "the weights of " + rule + " have no finite sum";
          case ALL_ZERO -> "all weights are 0 by " + rule;
          default -> "the log score of state " + -(answer + 1) + " is NaN or infinite";
        };
    return new ArithmeticException(
        "draw: row %d (sequence %d, position %d): %s"
            .formatted(row, layout.sequenceOf(row), layout.positionOf(row), why));
  }

  @Override
  public void close() {
    if (answers != null) {
      answers.close();
      answers = null;
    }
  }
}
