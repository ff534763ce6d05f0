package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.Bytes;
import io.sedd.cuda.ptx.machine.Instruction;
import io.sedd.cuda.ptx.machine.Warp;
import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.Operand;
import io.sedd.cuda.ptx.syntax.PtxType;
import java.util.List;

/**
 * Matrix instructions of a warp, with the fragment layouts of the PTX ISA, "Matrix Fragments for
 * mma.m16n8k16 with floating point type" and "ldmatrix". With g = lane / 4 and t = lane % 4:
 *
 * <pre>
 *   A [16, K], pair p of a lane:  row g + 8 (p mod 2), columns 2 t + 8 (p / 2), + 1
 *   B [K, 8], pair p:             rows 2 t + 8 p, + 1; column g
 *   C, D [16, 8], number i:       row g + 8 (i / 2), column 2 t + i mod 2
 * </pre>
 */
final class Matrices {

  private static final int ROWS = 16;
  private static final int COLUMNS = 8;

  private Matrices() {}

  /** Products of halves with sums in fp32, or in fp16 for fp16. */
  static Exchanges.Exchange multiply(Decoder d) {
    d.take("sync");
    d.take("aligned");
    int inner = d.takeOne("m16n8k16", "m16n8k8").equals("m16n8k8") ? 8 : 16;
    if (!d.take("row") || !d.take("col")) {
      throw d.error("the emulator knows mma.m16n8k16 and .m16n8k8 with row and col only");
    }
    PtxType sum = d.type();
    PtxType element = d.type();
    if (sum != PtxType.F32
        || (element != PtxType.BF16 && element != PtxType.F16)
        || d.type() != element
        || d.type() != PtxType.F32) {
      throw d.error("the emulator knows mma of bf16 or f16 with sums in f32 only");
    }
    boolean brain = element == PtxType.BF16;
    int[] out = targets(d, 0);
    int[] a = sources(d, 1);
    int[] b = sources(d, 2);
    int[] c = sources(d, 3);
    float[] left = new float[ROWS * inner];
    float[] right = new float[inner * COLUMNS];
    float[] sums = new float[ROWS * COLUMNS];
    WarpOperation body =
        (warp, lanes) -> {
          for (int p = 0; p < a.length; p++) {
            gatherLeft(warp.ints, a[p], left, 8 * (p & 1) * inner + 8 * (p >> 1), inner, brain);
          }
          for (int p = 0; p < b.length; p++) {
            gatherRight(warp.ints, b[p], right, 8 * p * COLUMNS, brain);
          }
          for (int i = 0; i < 4; i++) {
            for (int lane = 0; lane < 32; lane++) {
              sums[place(lane, i)] = Float.intBitsToFloat(warp.ints[c[i] + lane]);
            }
          }
          product(left, right, sums, inner);
          for (int i = 0; i < 4; i++) {
            for (int lane = 0; lane < 32; lane++) {
              warp.ints[out[i] + lane] = Float.floatToRawIntBits(sums[place(lane, i)]);
            }
          }
        };
    return new Exchanges.Exchange(body, everyone());
  }

  /** All 32 lanes, even of a warp that never had so many. */
  private static Instruction.Members everyone() {
    return (warp, lanes) -> {
      if (warp.alive() != -1) {
        throw new io.sedd.cuda.ptx.machine.LaneFault(
            Integer.numberOfTrailingZeros(lanes), "a matrix instruction without all 32 lanes");
      }
      return -1;
    };
  }

  private static int place(int lane, int i) {
    return ((lane >> 2) + 8 * (i >> 1)) * COLUMNS + 2 * (lane & 3) + (i & 1);
  }

  private static void gatherLeft(
      int[] registers, int register, float[] left, int from, int inner, boolean brain) {
    for (int lane = 0; lane < 32; lane++) {
      int pair = registers[register + lane];
      int at = from + (lane >> 2) * inner + 2 * (lane & 3);
      left[at] = half(pair, brain);
      left[at + 1] = half(pair >>> 16, brain);
    }
  }

  private static void gatherRight(
      int[] registers, int register, float[] right, int from, boolean brain) {
    for (int lane = 0; lane < 32; lane++) {
      int pair = registers[register + lane];
      int at = from + 2 * (lane & 3) * COLUMNS + (lane >> 2);
      right[at] = half(pair, brain);
      right[at + COLUMNS] = half(pair >>> 16, brain);
    }
  }

  /** sums [16, 8] += left [16, inner] · right [inner, 8]; products of halves are exact in fp32. */
  private static void product(float[] left, float[] right, float[] sums, int inner) {
    for (int row = 0; row < ROWS; row++) {
      int at = row * COLUMNS;
      // the 8 sums of a row side by side, which hides the latency of each
      float s0 = sums[at];
      float s1 = sums[at + 1];
      float s2 = sums[at + 2];
      float s3 = sums[at + 3];
      float s4 = sums[at + 4];
      float s5 = sums[at + 5];
      float s6 = sums[at + 6];
      float s7 = sums[at + 7];
      for (int k = 0; k < inner; k++) {
        float x = left[row * inner + k];
        int r = k * COLUMNS;
        s0 += x * right[r];
        s1 += x * right[r + 1];
        s2 += x * right[r + 2];
        s3 += x * right[r + 3];
        s4 += x * right[r + 4];
        s5 += x * right[r + 5];
        s6 += x * right[r + 6];
        s7 += x * right[r + 7];
      }
      sums[at] = s0;
      sums[at + 1] = s1;
      sums[at + 2] = s2;
      sums[at + 3] = s3;
      sums[at + 4] = s4;
      sums[at + 5] = s5;
      sums[at + 6] = s6;
      sums[at + 7] = s7;
    }
  }

  private static float half(int bits, boolean brain) {
    return brain ? Float.intBitsToFloat(bits << 16) : Float.float16ToFloat((short) bits);
  }

  private static int[] sources(Decoder d, int operand) {
    List<Operand> elements = d.elements(operand);
    return elements.stream().mapToInt(element -> d.base(element, false)).toArray();
  }

  private static int[] targets(Decoder d, int operand) {
    return d.elements(operand).stream()
        .mapToInt(element -> d.target(element, PtxType.B32).base())
        .toArray();
  }

  /**
   * {@code ldmatrix} and {@code stmatrix}: 1, 2 or 4 matrices of 8 rows of 16 bytes. Lane 8 i + j
   * has the address of row j of matrix i; register i of a lane holds two neighbours of matrix i,
   * row lane / 4, or with {@code trans} of its transpose.
   */
  static Exchanges.Exchange transfer(Decoder d) {
    boolean load = d.name().equals("ldmatrix");
    d.take("sync");
    d.take("aligned");
    if (!d.take("m8n8")) {
      throw d.error("the emulator knows matrices of 8 by 8 only");
    }
    int count = Integer.parseInt(d.takeOne("x1", "x2", "x4").substring(1));
    boolean transposed = d.take("trans");
    Place.Space space = LoadsAndStores.space(d);
    if (d.type() != PtxType.B16) {
      throw d.error("the emulator knows matrices of 16 bits only");
    }
    Access access = new Access(d.address(load ? 1 : 0, space), 16);
    int[] registers = load ? targets(d, 0) : sources(d, 1);
    if (registers.length != count) {
      throw d.error("expected " + count + " registers");
    }
    WarpOperation body =
        (warp, lanes) -> {
          for (int i = 0; i < count; i++) {
            if (load) {
              load(warp, access, i, registers[i], transposed);
            } else {
              store(warp, access, i, registers[i], transposed);
            }
          }
        };
    return new Exchanges.Exchange(body, everyone());
  }

  private static void load(Warp warp, Access access, int matrix, int register, boolean transposed) {
    int[] cells = new int[64];
    for (int row = 0; row < 8; row++) {
      int at = access.read(warp, 8 * matrix + row);
      for (int column = 0; column < 8; column++) {
        int cell = transposed ? 8 * column + row : 8 * row + column;
        cells[cell] = Bytes.int16(access.bytes, at + 2 * column);
      }
    }
    for (int lane = 0; lane < 32; lane++) {
      warp.ints[register + lane] = cells[2 * lane] | cells[2 * lane + 1] << 16;
    }
  }

  private static void store(
      Warp warp, Access access, int matrix, int register, boolean transposed) {
    for (int row = 0; row < 8; row++) {
      int at = access.write(warp, 8 * matrix + row);
      for (int column = 0; column < 8; column++) {
        int cell = transposed ? 8 * column + row : 8 * row + column;
        int pair = warp.ints[register + cell / 2];
        Bytes.int16(access.bytes, at + 2 * column, (cell & 1) == 0 ? pair : pair >>> 16);
      }
      access.settle(warp);
    }
  }
}
