package io.sedd.cuda.ptx.operation;

import static io.sedd.cuda.ptx.operation.LaneFunction.bits;
import static io.sedd.cuda.ptx.operation.LaneFunction.float32;

import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.PtxType;

/** Arithmetic in bf16 and fp16, alone and in pairs: in fp32, then rounded once. */
final class Halves {

  private Halves() {}

  static boolean has(PtxType type) {
    return type == PtxType.BF16
        || type == PtxType.BF16X2
        || type == PtxType.F16
        || type == PtxType.F16X2;
  }

  static WarpOperation decode(Decoder d, PtxType type) {
    boolean brain = type == PtxType.BF16 || type == PtxType.BF16X2;
    if (Rounding.take(d) != Rounding.NEAREST) {
      throw d.error("the emulator rounds these to nearest only");
    }
    d.take("ftz");
    boolean nan = d.take("NaN");
    boolean relu = d.take("relu");
    boolean saturate = d.take("sat");
    String name = d.name();
    LaneFunction exact =
        switch (name) {
          case "add" -> (a, b, c) -> bits(float32(a) + float32(b));
          case "sub" -> (a, b, c) -> bits(float32(a) - float32(b));
          case "mul" -> (a, b, c) -> bits(float32(a) * float32(b));
          // a double holds the sum of a product of two 11-bit numbers and a third, bar far apart
          case "fma" -> (a, b, c) -> bits((float) ((double) float32(a) * float32(b) + float32(c)));
          case "min", "max" -> Floats.extreme(name, nan, false);
          case "abs" -> (a, b, c) -> a & 0x7fff_ffffL;
          case "neg" -> (a, b, c) -> a ^ 0x8000_0000L;
          case "ex2" -> {
            d.take("approx");
            yield (a, b, c) -> bits(Approximations.power(float32(a)));
          }
          case "tanh" -> {
            d.take("approx");
            yield (a, b, c) -> bits((float) Math.tanh(float32(a)));
          }
          default -> throw d.error("the emulator does not know this instruction on halves");
        };
    LaneFunction half =
        (a, b, c) -> {
          float value = float32(exact.of(widen(a, brain), widen(b, brain), widen(c, brain)));
          value = relu && !(value > 0) && !Float.isNaN(value) ? 0f : value;
          return narrow(saturate ? Floats.saturate(value) : value, brain);
        };
    LaneFunction function =
        type.bytes() == 2
            ? half
            : (a, b, c) ->
                half.of(a & 0xffff, b & 0xffff, c & 0xffff)
                    | half.of(a >>> 16 & 0xffff, b >>> 16 & 0xffff, c >>> 16 & 0xffff) << 16;
    int last = d.count() - 1;
    return LaneFunction.three(
        d.target(0, type),
        d.source(1, type),
        d.source(Math.min(2, last), type),
        d.source(Math.min(3, last), type),
        function);
  }

  /** The fp32 bits of a half's. */
  static long widen(long half, boolean brain) {
    return brain ? half << 16 & 0xffff_ffffL : bits(Float.float16ToFloat((short) half));
  }

  static long narrow(float value, boolean brain) {
    return brain ? toBrain(value) : Float.floatToFloat16(value) & 0xffff;
  }

  /** To bf16, to nearest, ties to even. */
  static int toBrain(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return 0x7fff;
    }
    return (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16;
  }
}
