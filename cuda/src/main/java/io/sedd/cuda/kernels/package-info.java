/** The kernels: CUDA C++ sources, and the classes that launch them, a family each. */
package io.sedd.cuda.kernels;
