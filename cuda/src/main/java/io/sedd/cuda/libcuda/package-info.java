/** The driver API, libcuda, through {@code java.lang.foreign}; the figures are those of cuda.h. */
package io.sedd.cuda.libcuda;
