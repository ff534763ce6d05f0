/**
 * The backend in plain Java loops: fp32 storage, sums in double, every kernel beside its gradient.
 * It is the documentation of the kernels and the oracle of the other backends, not a fast one.
 */
package io.sedd.diffusion.backend.reference;
