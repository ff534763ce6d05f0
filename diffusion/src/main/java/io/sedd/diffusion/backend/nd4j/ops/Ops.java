package io.sedd.diffusion.backend.nd4j.ops;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.impl.reduce.same.Max;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarAdd;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMultiplication;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarSet;
import org.nd4j.linalg.api.ops.impl.transforms.any.Assign;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.api.ops.impl.transforms.same.Reciprocal;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J's operations as the kernels use them: the result is always an array that the caller has, and
 * nothing is allocated. {@code INDArray}'s own methods are not used: they take other ways for
 * arrays of one element, and some allocate.
 */
final class Ops {

  private Ops() {}

  /** z = x, whatever the strides and types; same shape. */
  static void assign(INDArray x, INDArray z) {
    Nd4j.getExecutioner().exec(new Assign(x, z));
  }

  /** Every element. */
  static void fill(INDArray z, double value) {
    run(new ScalarSet(z, value));
  }

  /** z = x + y; y may have axes of length 1 that x has longer. */
  static void add(INDArray x, INDArray y, INDArray z) {
    custom("add", x, y, z);
  }

  /** z = x - y, as {@link #add}. */
  static void subtract(INDArray x, INDArray y, INDArray z) {
    custom("subtract", x, y, z);
  }

  /** z = x y, as {@link #add}. */
  static void multiply(INDArray x, INDArray y, INDArray z) {
    custom("multiply", x, y, z);
  }

  /** z = x / y, as {@link #add}. */
  static void divide(INDArray x, INDArray y, INDArray z) {
    custom("divide", x, y, z);
  }

  private static void custom(String name, INDArray x, INDArray y, INDArray z) {
    Nd4j.exec(DynamicCustomOp.builder(name).addInputs(x, y).addOutputs(z).build());
  }

  /** x *= factor. */
  static void scale(INDArray x, double factor) {
    run(new ScalarMultiplication(x, factor));
  }

  /** x += value. */
  static void shift(INDArray x, double value) {
    run(new ScalarAdd(x, value));
  }

  /** z = e^x. */
  static void exp(INDArray x, INDArray z) {
    Nd4j.getExecutioner().exec(new Exp(x, z));
  }

  /** z = ln x. */
  static void log(INDArray x, INDArray z) {
    Nd4j.getExecutioner().exec(new Log(x, z));
  }

  /** z = tanh x. */
  static void tanh(INDArray x, INDArray z) {
    Nd4j.getExecutioner().exec(new Tanh(x, z));
  }

  /** z = 1 / (1 + e^-x). */
  static void sigmoid(INDArray x, INDArray z) {
    Nd4j.getExecutioner().exec(new Sigmoid(x, z));
  }

  /** x = sqrt x. */
  static void root(INDArray x) {
    Nd4j.getExecutioner().exec(new Sqrt(x, x));
  }

  /** x = 1 / x. */
  static void reciprocal(INDArray x) {
    Nd4j.getExecutioner().exec(new Reciprocal(x, x));
  }

  /** Sums along the last axis, which z has with length 1. */
  static void sum(INDArray x, INDArray z) {
    run(new Sum(x, z, true, x.rank() - 1));
  }

  /** Maxima along the last axis, which z has with length 1. */
  static void max(INDArray x, INDArray z) {
    run(new Max(x, z, true, x.rank() - 1));
  }

  /** Gives back the array that ND4J makes of the number. */
  private static void run(ScalarOp op) {
    Nd4j.getExecutioner().exec(op);
    op.scalar().close();
  }

  /** Gives back the array that ND4J makes of the axis. */
  private static void run(ReduceOp op) {
    Nd4j.getExecutioner().exec(op);
    op.dimensions().close();
  }

  /**
   * c = alpha op(a) op(b) + beta c, of matrices or, axis 0 first, of as many matrices each; op
   * transposes or does nothing. One of a matrix's two strides must be 1.
   */
  static void product(
      INDArray a,
      boolean transposeA,
      INDArray b,
      boolean transposeB,
      double alpha,
      double beta,
      INDArray c) {
    Nd4j.exec(
        DynamicCustomOp.builder("matmul")
            .addInputs(a, b)
            .addOutputs(c)
            .addFloatingPointArguments(alpha, beta)
            .addIntegerArguments(transposeA ? 1 : 0, transposeB ? 1 : 0, 0)
            .build());
  }

  /** z[i] = x[indices[i]] along axis 0. */
  static void gather(INDArray x, INDArray indices, INDArray z) {
    Nd4j.exec(
        DynamicCustomOp.builder("gather")
            .addInputs(x, indices)
            .addOutputs(z)
            .addIntegerArguments(0)
            .build());
  }

  /** x[indices[i]] += updates[i] along axis 0, which is longer than 1; no index comes twice. */
  static void scatterAdd(INDArray x, INDArray indices, INDArray updates) {
    scatter("scatter_add", x, indices, updates);
  }

  /** x[indices[i]] = updates[i], of vectors; no index comes twice. */
  static void scatterSet(INDArray x, INDArray indices, INDArray updates) {
    scatter("scatter_upd", x, indices, updates);
  }

  private static void scatter(String name, INDArray x, INDArray indices, INDArray updates) {
    Nd4j.exec(
        DynamicCustomOp.builder(name)
            .addInputs(x, indices, updates)
            .addOutputs(x)
            .callInplace(true)
            .build());
  }
}
