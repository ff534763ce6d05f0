package io.sedd.diffusion.backend.nd4j;

/** The three products of a linear layer; x [R, in], W [out, in], y [R, out], all row-major fp32. */
interface MatrixProduct {

  /** For the log: which library, and why. */
  String description();

  /** y = x Wᵀ. */
  void forward(Nd4jTensor x, Nd4jTensor weight, Nd4jTensor y);

  /** dx = dy W. */
  void inputGradient(Nd4jTensor dy, Nd4jTensor weight, Nd4jTensor dx);

  /** dW += dyᵀ x. */
  void weightGradient(Nd4jTensor dy, Nd4jTensor x, Nd4jTensor dWeight);
}
