package io.sedd.cuda.ptx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.driver.KernelFunction;
import io.sedd.cuda.ptx.machine.Checks;
import io.sedd.cuda.ptx.machine.KernelFault;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an access may touch, and what is said of one that may not. */
class MemoryTest {

  private static final int[] COUNT = IntStream.range(0, 256).map(i -> 0x01020300 * i + i).toArray();
  private static final String COPY =
      """
      .version 8.0
      .target sm_80
      .address_size 64
      .visible .entry copy(.param .u64 from, .param .u64 to, .param .u32 skip)
      {
        .reg .b64 %rd<6>;
        .reg .b32 %r<4>;
        ld.param.u64 %rd1, [from];
        ld.param.u64 %rd2, [to];
        ld.param.u32 %r1, [skip];
        mov.u32 %r2, %tid.x;
        add.u32 %r1, %r1, %r2;
        mul.wide.s32 %rd3, %r1, 4;
        add.s64 %rd4, %rd1, %rd3;
        ld.global.u32 %r3, [%rd4];
        mul.wide.s32 %rd3, %r2, 4;
        add.s64 %rd5, %rd2, %rd3;
        st.global.u32 [%rd5], %r3;
        ret;
      }
      """;

  private final PtxBench bench = new PtxBench();

  private String fault(Runnable work) {
    return assertThrows(KernelFault.class, work::run).getMessage();
  }

  private void copy(EmulatedDriver driver, long from, long to, int skip, int threads) {
    KernelFunction function = driver.load(COPY).function("copy");
    driver.launch(
        driver.newStream(),
        function,
        Grid.line(1, threads),
        0,
        new KernelArguments().address(from).address(to).int32(skip));
  }

  private static EmulatedDriver driver() {
    return new EmulatedDriver(8, 0);
  }

  private static long filled(EmulatedDriver driver, int ints) {
    long address = driver.allocate(4L * ints);
    driver.fill32(driver.newStream(), address, 7, ints);
    return address;
  }

  @Test
  void aReadBehindAnAllocationNamesKernelInstructionThreadAndAllocation() {
    EmulatedDriver driver = driver();
    long from = filled(driver, 40);
    long to = driver.allocate(256);
    String message = fault(() -> copy(driver, from, to, 0, 41));
    assertTrue(
        message.startsWith(
            "kernel copy, PTX line 15 `ld.global.u32 %r3, [%rd4];`,"
                + " block (0, 0, 0), thread (40, 0, 0): reads 4 bytes"),
        message);
    assertTrue(message.contains("160 bytes into the allocation of 160 bytes"), message);
  }

  @Test
  void aReadBeforeAnAllocationIsAFault() {
    EmulatedDriver driver = driver();
    filled(driver, 40);
    long from = filled(driver, 40);
    long to = driver.allocate(256);
    assertTrue(
        fault(() -> copy(driver, from, to, -1, 1)).contains("4 bytes before the allocation"));
  }

  @Test
  void aWriteBehindAnAllocationIsAFault() {
    EmulatedDriver driver = driver();
    long from = filled(driver, 40);
    long to = driver.allocate(16);
    assertTrue(fault(() -> copy(driver, from, to, 0, 5)).contains("writes 4 bytes"));
  }

  @Test
  void anAddressThatIsNoMultipleOfTheSizeIsAFault() {
    EmulatedDriver driver = driver();
    long from = filled(driver, 40);
    long to = driver.allocate(256);
    assertTrue(fault(() -> copy(driver, from + 2, to, 0, 5)).contains("no multiple of 4"));
  }

  @Test
  void whatWasFreedOrNeverWrittenMayNotBeRead() {
    EmulatedDriver driver = driver();
    long from = filled(driver, 40);
    long to = driver.allocate(256);
    driver.poison(from + 12, 4);
    assertTrue(fault(() -> copy(driver, from, to, 0, 5)).contains("at byte 12 of the allocation"));
    driver.free(from);
    assertTrue(fault(() -> copy(driver, from, to, 0, 5)).contains("the freed allocation"));
    assertTrue(fault(() -> driver.free(from)).contains("free already"));
    assertTrue(
        fault(() -> driver.toHost(driver.newStream(), to, MemorySegment.ofArray(new int[8])))
            .contains("never written"));
  }

  @Test
  void withoutChecksOnlyTheBoundsAreKept() {
    EmulatedDriver driver = new EmulatedDriver(driver().properties(), Checks.NONE);
    long from = driver.allocate(160);
    long to = driver.allocate(256);
    copy(driver, from, to, 0, 40);
    assertTrue(fault(() -> copy(driver, from, to, 0, 41)).contains("outside every allocation"));
  }

  @Test
  void widthsAndVectorsReadTheirBytes() {
    int[] out =
        bench.run(
            """
            ld.global.u8 %rs1, [%rd5+3];
            ld.global.s8 %r2, [%rd5];
            ld.global.v2.u16 {%rs2, %rs3}, [%rd5];
            cvt.u32.u16 %r3, %rs1;
            cvt.u32.u16 %r4, %rs2;
            cvt.u32.u16 %r5, %rs3;
            shl.b32 %r5, %r5, 16;
            or.b32 %r4, %r4, %r5;
            add.u32 %r4, %r4, %r3;
            add.u32 %r4, %r4, %r2;
            st.global.u32 [%rd6], %r4;
            """,
            256, COUNT);
    for (int i = 0; i < 256; i++) {
      assertEquals(COUNT[i] + (COUNT[i] >>> 24) + (byte) COUNT[i], out[i]);
    }
    int[] fours =
        bench.run(
            """
            and.b32 %r2, %r1, 63;
            mul.wide.u32 %rd9, %r2, 16;
            add.s64 %rd9, %rd1, %rd9;
            ld.global.nc.v4.f32 {%f1, %f2, %f3, %f4}, [%rd9];
            st.shared.v4.f32 [dynamic], {%f4, %f3, %f2, %f1};
            ld.shared.v2.b64 {%rd10, %rd11}, [dynamic];
            mov.b64 {%r3, %r4}, %rd11;
            st.global.u32 [%rd6], %r4;
            """,
            1, COUNT);
    assertEquals(COUNT[0], fours[0]);
  }

  @Test
  void localAndGenericAddressesFindTheirSpaces() {
    int[] out =
        bench.run(
            """
            mov.u64 %rd9, own;
            cvta.local.u64 %rd10, %rd9;
            st.local.u32 [%rd9+8], %r1;
            ld.u32 %r2, [%rd10+8];
            mov.u32 %r3, tile;
            shl.b32 %r4, %r1, 2;
            add.u32 %r3, %r3, %r4;
            cvt.u64.u32 %rd11, %r3;
            cvta.shared.u64 %rd12, %rd11;
            st.u32 [%rd12], %r2;
            ld.shared.u32 %r5, [%r3];
            cvta.to.shared.u64 %rd13, %rd12;
            ld.shared.u32 %r6, [%rd13];
            isspacep.shared %p1, %rd12;
            isspacep.global %p2, %rd5;
            selp.u32 %r7, 1000, 0, %p1;
            selp.u32 %r8, 5000, 0, %p2;
            ld.u32 %r9, [%rd5];
            xor.b32 %r9, %r9, %r9;
            add.u32 %r5, %r5, %r6;
            add.u32 %r5, %r5, %r7;
            add.u32 %r5, %r5, %r8;
            add.u32 %r5, %r5, %r9;
            st.u32 [%rd6], %r5;
            """,
            64, COUNT);
    assertArrayEquals(IntStream.range(0, 64).map(i -> 2 * i + 6000).toArray(), out);
  }

  @Test
  void sharedMemoryEndsWhereTheLaunchSaysAndIsUndefinedAtFirst() {
    String beyond = "mov.u32 %r3, dynamic; st.shared.u32 [%r3+1024], %r1;";
    assertTrue(fault(() -> bench.run(beyond, 1, COUNT)).contains("which has 5120"));
    String early = "mov.u32 %r3, dynamic; ld.shared.u32 %r4, [%r3];";
    assertTrue(fault(() -> bench.run(early, 1, COUNT)).contains("never written"));
    String odd = "mov.u32 %r3, dynamic; st.shared.u64 [%r3+4], %rd1;";
    assertTrue(fault(() -> bench.run(odd, 1, COUNT)).contains("no multiple of 8"));
  }

  @Test
  void atomicsGiveWhatWasThereAndLoseNothing() {
    int[] out =
        bench.run(
            """
            st.shared.u32 [tile], 0;
            bar.sync 0;
            atom.shared.add.u32 %r2, [tile], 2;
            red.global.max.u32 [%rd2+1024], %r1;
            red.global.add.f32 [%rd2+1028], 0f3F800000;
            atom.global.cas.b32 %r3, [%rd2+1032], 0, %r1;
            atom.global.exch.b32 %r4, [%rd2+1036], %r1;
            bar.sync 0;
            ld.shared.u32 %r5, [tile];
            st.global.u32 [%rd6], %r5;
            """,
            256, COUNT, 260);
    assertEquals(512, out[77]);
    assertEquals(255, out[256]);
    assertEquals(256f, Float.intBitsToFloat(out[257]));
    // which thread comes first is nobody's promise
    assertTrue(out[258] > 0 && out[258] < 256, "swapped with " + out[258]);
    assertTrue(out[259] >= 0 && out[259] < 256, "exchanged for " + out[259]);
  }
}
