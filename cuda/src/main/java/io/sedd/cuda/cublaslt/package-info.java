/**
 * Matrix products by cuBLASLt through {@code java.lang.foreign}; the figures are those of
 * cublasLt.h.
 */
package io.sedd.cuda.cublaslt;
