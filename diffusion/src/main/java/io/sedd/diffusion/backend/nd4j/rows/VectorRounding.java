package io.sedd.diffusion.backend.nd4j.rows;

import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link RoundingRows} with the Vector API; what no vector holds is done one by one. */
final class VectorRounding implements RoundingRows {

  private static final VectorSpecies<Short> HALF =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Lanes.FLOATS.vectorBitSize() / 2));

  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, Lanes.FLOATS.vectorShape());

  private final ScalarRounding rest = new ScalarRounding();

  @Override
  public void toBf16(long source, long target, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      IntVector high = rounded(source + 4L * i).lanewise(VectorOperators.LSHR, 16);
      ((ShortVector) high.convertShape(VectorOperators.I2S, HALF, 0))
          .intoMemorySegment(Memory.ALL, target + 2L * i, ByteOrder.nativeOrder());
    }
    rest.toBf16(source + 4L * bound, target + 2L * bound, n - bound);
  }

  @Override
  public void round(long source, long target, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      IntVector bits = rounded(source + 4L * i).and(0xffff0000);
      Lanes.store(bits.reinterpretAsFloats(), target + 4L * i);
    }
    rest.round(source + 4L * bound, target + 4L * bound, n - bound);
  }

  @Override
  public void widen(long source, long target, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      IntVector low =
          (IntVector)
              ShortVector.fromMemorySegment(HALF, Memory.ALL, source + 2L * i, Lanes.ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
      Lanes.store(low.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), target + 4L * i);
    }
    rest.widen(source + 2L * bound, target + 4L * bound, n - bound);
  }

  /**
   * Bits whose upper half is the bf16 number. NaN is found among the bits: a mask of floats cast to
   * one of ints would be an object for each vector.
   */
  private static IntVector rounded(long source) {
    IntVector bits = Lanes.load(source).reinterpretAsInts();
    IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
    return bits.add(odd)
        .add(0x7fff)
        .blend(bits.or(0x00400000), bits.and(0x7fffffff).compare(VectorOperators.GT, 0x7f800000));
  }
}
