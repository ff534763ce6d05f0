/** The seam to the hardware: kernels over rows of tokens, each with its backward twin. */
package io.sedd.diffusion.backend;
