package io.sedd.cuda.ptx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.cuda.ptx.machine.KernelFault;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lanes that go apart, come together and tell each other something. */
class WarpTest {

  private static final int[] COUNT = IntStream.range(0, 96).map(i -> 3 * i + 1).toArray();
  private final PtxBench bench = new PtxBench();

  @Test
  void shufflesFollowTheirFormulas() {
    String body =
        """
        ld.global.u32 %r2, [%rd5];
        shfl.sync.MODE.b32 %r3|%p1, %r2, STEP, CLAMP, 0xffffffff;
        selp.u32 %r4, 1000000, 0, %p1;
        add.u32 %r3, %r3, %r4;
        st.global.u32 [%rd6], %r3;
        """;
    for (int step : new int[] {0, 1, 5, 16, 31}) {
      for (String mode : new String[] {"up", "down", "bfly", "idx"}) {
        int clamp = mode.equals("up") ? 0 : 31;
        int[] out =
            bench.run(
                body.replace("MODE", mode).replace("STEP", "" + step).replace("CLAMP", "" + clamp),
                96,
                COUNT);
        for (int i = 0; i < 96; i++) {
          int lane = i % 32;
          int from =
              switch (mode) {
                case "up" -> lane - step;
                case "down" -> lane + step;
                case "bfly" -> lane ^ step;
                default -> step;
              };
          boolean in = from >= 0 && from < 32;
          int expected = COUNT[i - lane + (in ? from : lane)] + (in ? 1_000_000 : 0);
          assertEquals(expected, out[i], mode + " " + step + " lane " + i);
        }
      }
    }
  }

  @Test
  void aShuffleInSegmentsOfEightStaysInThem() {
    int[] out =
        bench.run(
            """
            ld.global.u32 %r2, [%rd5];
            shfl.sync.down.b32 %r3, %r2, 3, 0x1807, -1;
            st.global.u32 [%rd6], %r3;
            """,
            32, COUNT);
    for (int i = 0; i < 32; i++) {
      assertEquals(COUNT[i % 8 + 3 < 8 ? i + 3 : i], out[i]);
    }
  }

  @Test
  void votesMatchesAndReductionsSeeAllLanes() {
    int[] out =
        bench.run(
            """
            and.b32 %r2, %r1, 3;
            setp.eq.u32 %p1, %r2, 1;
            vote.sync.ballot.b32 %r3, %p1, -1;
            match.any.sync.b32 %r4, %r2, -1;
            redux.sync.add.s32 %r5, %r1, -1;
            redux.sync.max.u32 %r6, %r1, -1;
            vote.sync.any.pred %p2, %p1, -1;
            vote.sync.all.pred %p3, %p1, -1;
            selp.u32 %r7, 2, 0, %p2;
            @%p3 add.u32 %r7, %r7, 1;
            xor.b32 %r8, %r3, %r4;
            add.u32 %r8, %r8, %r5;
            add.u32 %r8, %r8, %r6;
            add.u32 %r8, %r8, %r7;
            st.global.u32 [%rd6], %r8;
            """,
            32, COUNT);
    for (int i = 0; i < 32; i++) {
      assertEquals((0x22222222 ^ 0x11111111 << i % 4) + 496 + 31 + 2, out[i]);
    }
  }

  @Test
  void loopsOfDifferentLengthEndTogether() {
    int[] out =
        bench.run(
            """
            mov.u32 %r2, 0;
            mov.u32 %r3, 0;
            LOOP:
            setp.ge.u32 %p1, %r2, %r1;
            @%p1 bra DONE;
            and.b32 %r4, %r2, 1;
            setp.eq.u32 %p2, %r4, 0;
            @%p2 bra EVEN;
            add.u32 %r3, %r3, 100;
            bra.uni NEXT;
            EVEN:
            add.u32 %r3, %r3, %r2;
            NEXT:
            add.u32 %r2, %r2, 1;
            bra.uni LOOP;
            DONE:
            shfl.sync.bfly.b32 %r3, %r3, 1, 31, -1;
            st.global.u32 [%rd6], %r3;
            """,
            64, COUNT);
    for (int i = 0; i < 64; i++) {
      int n = i ^ 1;
      int expected = IntStream.range(0, n).map(k -> k % 2 == 0 ? k : 100).sum();
      assertEquals(expected, out[i]);
    }
  }

  @Test
  void lanesWaitForThoseThatTheCompilerLaidBehindThem() {
    // the block that odd lanes take stands after the shuffle in the text
    int[] out =
        bench.run(
            """
            and.b32 %r2, %r1, 1;
            setp.eq.u32 %p1, %r2, 1;
            mov.u32 %r3, 5;
            @%p1 bra ODD;
            MEET:
            shfl.sync.bfly.b32 %r4, %r3, 1, 31, -1;
            st.global.u32 [%rd6], %r4;
            bra.uni END;
            ODD:
            mov.u32 %r3, 7;
            bra.uni MEET;
            END:
            """,
            32, COUNT);
    for (int i = 0; i < 32; i++) {
      assertEquals(i % 2 == 0 ? 7 : 5, out[i]);
    }
  }

  @Test
  void aJumpTableSendsEachLaneToItsPlace() {
    int[] out =
        bench.run(
            """
            and.b32 %r2, %r1, 3;
            TABLE: .branchtargets A, B, C, B;
            mov.u32 %r3, 0;
            brx.idx %r2, TABLE;
            A: add.u32 %r3, %r3, 1;
            B: add.u32 %r3, %r3, 10;
            C: add.u32 %r3, %r3, 100;
            st.global.u32 [%rd6], %r3;
            """,
            32, COUNT);
    int[] expected = {111, 110, 100, 110};
    for (int i = 0; i < 32; i++) {
      assertEquals(expected[i % 4], out[i]);
    }
  }

  @Test
  void halfWarpsMayExchangeUnderMasksOfTheirOwn() {
    int[] out =
        bench.run(
            """
            setp.lt.u32 %p1, %r1, 16;
            @%p1 bra LOW;
            redux.sync.add.u32 %r2, %r1, 0xffff0000;
            bra.uni END;
            LOW:
            redux.sync.add.u32 %r2, %r1, 0x0000ffff;
            END:
            st.global.u32 [%rd6], %r2;
            """,
            32, COUNT);
    assertEquals(120, out[3]);
    assertEquals(376, out[20]);
  }

  @Test
  void anExchangeThatSomeLanesNeverReachIsAFault() {
    KernelFault fault =
        assertThrows(
            KernelFault.class,
            () ->
                bench.run(
                    """
                    setp.lt.u32 %p1, %r1, 16;
                    @%p1 bra LOW;
                    shfl.sync.bfly.b32 %r2, %r1, 1, 31, -1;
                    LOW:
                    shfl.sync.bfly.b32 %r2, %r1, 2, 31, -1;
                    """,
                    32, COUNT));
    assertTrue(fault.getMessage().contains("lanes that never come"), fault.getMessage());
    assertTrue(fault.getMessage().contains("shfl.sync.bfly"), fault.getMessage());
  }

  @Test
  void aLaneThatReadsOneThatIsNotThereIsAFault() {
    assertThrows(
        KernelFault.class, () -> bench.run("shfl.sync.down.b32 %r2, %r1, 8, 31, -1;", 24, COUNT));
  }

  @Test
  void aGuardedInstructionRunsForItsLanesOnly() {
    int[] out =
        bench.run(
            """
            setp.lt.u32 %p1, %r1, 10;
            mov.u32 %r2, 1;
            @%p1 mov.u32 %r2, 2;
            @!%p1 add.u32 %r2, %r2, 4;
            st.global.u32 [%rd6], %r2;
            """,
            33, COUNT);
    int[] expected = new int[33];
    Arrays.setAll(expected, i -> i < 10 ? 2 : 5);
    assertArrayEquals(expected, out);
  }
}
