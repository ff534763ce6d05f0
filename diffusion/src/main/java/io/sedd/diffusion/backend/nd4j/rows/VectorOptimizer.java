package io.sedd.diffusion.backend.nd4j.rows;

import static io.sedd.diffusion.backend.nd4j.rows.Lanes.COUNT;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.broadcast;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.load;
import static io.sedd.diffusion.backend.nd4j.rows.Lanes.store;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link OptimizerRows} with the Vector API; what no vector holds is done one by one. */
final class VectorOptimizer implements OptimizerRows {

  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  private final ScalarOptimizer rest = new ScalarOptimizer();

  @Override
  public double sumOfSquares(long x, int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = DoubleVector.zero(DOUBLES);
    for (int i = 0; i < bound; i += COUNT) {
      FloatVector v = load(x + 4L * i);
      DoubleVector a = (DoubleVector) v.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector b = (DoubleVector) v.convertShape(VectorOperators.F2D, DOUBLES, 1);
      low = a.fma(a, low);
      high = b.fma(b, high);
    }
    double sum = 0;
    for (double lane : low.add(high).toArray()) {
      sum += lane;
    }
    return sum + rest.sumOfSquares(x + 4L * bound, n - bound);
  }

  @Override
  public void adamW(
      Constants constants,
      long gradient,
      long parameters,
      long firstMoment,
      long secondMoment,
      long average,
      int n) {
    int bound = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += COUNT) {
      long at = 4L * i;
      FloatVector before = load(parameters + at);
      FloatVector g =
          before.fma(broadcast(constants.l2()), load(gradient + at).mul(constants.scale()));
      FloatVector m =
          g.fma(broadcast(constants.gain1()), load(firstMoment + at).mul(constants.beta1()));
      FloatVector v =
          g.mul(g)
              .fma(broadcast(constants.gain2()), load(secondMoment + at).mul(constants.beta2()));
      FloatVector root = v.sqrt().mul(constants.rootScale()).add(constants.epsilon());
      FloatVector p = m.div(root).fma(broadcast(-constants.rate()), before.mul(constants.keep()));
      FloatVector held = load(average + at);
      store(m, firstMoment + at);
      store(v, secondMoment + at);
      store(p, parameters + at);
      store(p.sub(held).fma(broadcast(constants.averageGain()), held), average + at);
    }
    long done = 4L * bound;
    rest.adamW(
        constants,
        gradient + done,
        parameters + done,
        firstMoment + done,
        secondMoment + done,
        average + done,
        n - bound);
  }
}
