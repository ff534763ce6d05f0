/**
 * The kernels of the backend {@code cuda}: CUDA C++ sources in the resources of this package, one a
 * family, and a class a family that launches them. Tensors are fp32; factors of matrix products and
 * of attention are rounded to bf16, sums are fp32 or double.
 */
package io.sedd.cuda.kernels;
