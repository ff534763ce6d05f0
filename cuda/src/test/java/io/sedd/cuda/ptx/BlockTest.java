package io.sedd.cuda.ptx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.cuda.ptx.machine.Checks;
import io.sedd.cuda.ptx.machine.KernelFault;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Barriers, and races where one is missing. */
class BlockTest {

  private static final int[] COUNT = IntStream.range(0, 256).map(i -> i * i).toArray();
  private static final String MINE =
      """
      mov.u32 %r2, tile;
      shl.b32 %r3, %r1, 2;
      add.u32 %r4, %r2, %r3;
      ld.global.u32 %r5, [%rd5];
      st.shared.u32 [%r4], %r5;
      """;
  private static final String MIRRORED =
      """
      mov.u32 %r6, %ntid.x;
      sub.u32 %r6, %r6, 1;
      sub.u32 %r6, %r6, %r1;
      shl.b32 %r6, %r6, 2;
      add.u32 %r6, %r2, %r6;
      ld.shared.u32 %r7, [%r6];
      st.global.u32 [%rd6], %r7;
      """;

  private final PtxBench bench = new PtxBench();

  private String fault(String body, int threads) {
    return assertThrows(KernelFault.class, () -> bench.run(body, threads, COUNT)).getMessage();
  }

  @Test
  void afterABarrierEverybodySeesWhatEverybodyStored() {
    for (Checks checks : new Checks[] {Checks.ALL, Checks.ALL.inReverse()}) {
      int[] out = new PtxBench(checks).run(MINE + "bar.sync 0;\n" + MIRRORED, 200, COUNT);
      for (int i = 0; i < 200; i++) {
        assertEquals(COUNT[199 - i], out[i]);
      }
    }
  }

  @Test
  void withoutTheBarrierItIsARaceThatNamesBothThreads() {
    PtxBench reverse = new PtxBench(Checks.ALL.inReverse());
    // from the last warp on, so that the first read finds what another warp has written
    String body = MINE.replace("st.shared", "@%p1 st.shared") + MIRRORED;
    String upper = "setp.gt.u32 %p1, %r1, 127;\n" + body.replace("ld.shared", "@!%p1 ld.shared");
    String message =
        assertThrows(KernelFault.class, () -> reverse.run(upper, 256, COUNT)).getMessage();
    assertTrue(message.contains("race: reads shared memory at byte 636"), message);
    assertTrue(message.contains("thread (96, 0, 0)"), message);
    assertTrue(message.contains("thread (159, 0, 0) wrote with no barrier between"), message);
  }

  @Test
  void aWriteOverWhatAnotherReadIsARace() {
    String body =
        "setp.eq.u32 %p1, %r1, 0; @%p1 st.shared.u32 [tile], 1; bar.sync 0;"
            + " ld.shared.u32 %r8, [tile]; @%p1 st.shared.u32 [tile], 2;";
    assertTrue(fault(body, 64).contains("read with no barrier between"));
    int[] out =
        bench.run(
            body.replace(
                    "@%p1 st.shared.u32 [tile], 2;", "bar.sync 0; @%p1 st.shared.u32 [tile], 2;")
                + " bar.sync 0; ld.shared.u32 %r9, [tile]; st.global.u32 [%rd6], %r9;",
            64,
            COUNT);
    assertEquals(2, out[63]);
  }

  @Test
  void lanesOfAWarpNeedABarrierOfTheWarp() {
    assertTrue(fault(MINE + MIRRORED, 32).contains("race"));
    int[] out = bench.run(MINE + "bar.warp.sync -1;\n" + MIRRORED, 32, COUNT);
    assertEquals(COUNT[31], out[0]);
  }

  @Test
  void twoThatWriteTheSameAreNoRaceAndTwoThatDifferAre() {
    int[] out =
        bench.run(
            "st.shared.u32 [tile], 5; bar.sync 0; ld.shared.u32 %r2, [tile];"
                + " st.global.u32 [%rd6], %r2;",
            64, COUNT);
    assertEquals(5, out[63]);
    assertTrue(fault("st.shared.u32 [tile], %r1;", 64).contains("race: writes"));
  }

  @Test
  void aBarrierThatSomeThreadsLeftOrNeverReachIsAFault() {
    String left = "setp.gt.u32 %p1, %r1, 39; @%p1 ret; bar.sync 0;";
    assertTrue(fault(left, 64).contains("have left the kernel"));
    String missed = "setp.gt.u32 %p1, %r1, 31; @%p1 bra END; bar.sync 0;\n END:";
    assertTrue(fault(missed, 64).contains("not all threads"));
    String apart = "setp.gt.u32 %p1, %r1, 9; @%p1 bra END; bar.sync 0;\n END: bar.sync 1;";
    assertTrue(fault(apart, 64).contains("lanes that never come"));
  }

  @Test
  void aBarrierWithANumberTakesAsManyThreadsAsItSays() {
    int[] out =
        bench.run(
            MINE
                + "setp.gt.u32 %p1, %r1, 63; @%p1 bra END; bar.sync 3, 64;\n"
                + "xor.b32 %r6, %r3, 128; add.u32 %r6, %r2, %r6; ld.shared.u32 %r7, [%r6];\n"
                + "st.global.u32 [%rd6], %r7;\n END:",
            128,
            COUNT);
    assertEquals(COUNT[32], out[0]);
    assertEquals(COUNT[1], out[33]);
    assertEquals(0, out[64]);
  }

  @Test
  void aBarrierCountsPredicatesOfAllThreads() {
    int[] out =
        bench.run(
            "setp.lt.u32 %p1, %r1, 37; bar.red.popc.u32 %r2, 0, %p1;"
                + " bar.red.or.pred %p2, 0, %p1; bar.red.and.pred %p3, 0, !%p1;"
                + " selp.u32 %r3, 100, 0, %p2; selp.u32 %r4, 1000, 0, %p3;"
                + " add.u32 %r2, %r2, %r3; add.u32 %r2, %r2, %r4; st.global.u32 [%rd6], %r2;",
            100, COUNT);
    for (int value : out) {
      assertEquals(137, value);
    }
  }

  @Test
  void asyncCopiesArriveWhenTheyAreAwaitedAndNotBefore() {
    String copy =
        """
        and.b32 %r2, %r1, 31;
        shl.b32 %r3, %r1, 4;
        mov.u32 %r4, tile;
        add.u32 %r4, %r4, %r3;
        cvt.u64.u32 %rd9, %r3;
        add.s64 %rd9, %rd1, %rd9;
        cp.async.cg.shared.global [%r4], [%rd9], 16;
        cp.async.commit_group;
        AWAIT
        ld.shared.u32 %r5, [%r4+8];
        st.global.u32 [%rd6], %r5;
        """;
    int[] out = bench.run(copy.replace("AWAIT", "cp.async.wait_group 0;"), 64, COUNT);
    for (int i = 0; i < 64; i++) {
      assertEquals(COUNT[4 * i + 2], out[i]);
    }
    String early =
        "mov.u32 %r9, tile; add.u32 %r9, %r9, %r1; shl.b32 %r9, %r1, 4; st.shared.u32 [%r9+8],"
            + " 77;\n"
            + copy.replace("AWAIT", "cp.async.wait_group 1;");
    assertEquals(77, bench.run(early, 64, COUNT)[5]);
    String zeros = copy.replace("16;\n", "16, 8;\n").replace("AWAIT", "cp.async.wait_all;");
    assertEquals(0, bench.run(zeros, 64, COUNT)[5]);
  }

  @Test
  void aLoopWithoutAnEndIsFound() {
    Checks few = new Checks(true, true, false, 100_000);
    KernelFault fault =
        assertThrows(
            KernelFault.class, () -> new PtxBench(few).run("AGAIN: bra AGAIN;", 32, COUNT));
    assertTrue(fault.getMessage().contains("no end"), fault.getMessage());
  }
}
