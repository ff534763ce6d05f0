/**
 * What the kernels need of a device: memory, streams, launches, matrix products. Interfaces and
 * records only; {@code io.sedd.cuda.libcuda} and its neighbours implement them on the card.
 */
package io.sedd.cuda.driver;
