/**
 * The backend {@code cuda}: NVIDIA cards of compute capability 8.0 and newer, by the driver API,
 * NVRTC and cuBLASLt through {@code java.lang.foreign}. Nothing in it has run on a GPU yet: kernels
 * are held against the reference in an emulator of PTX, the bindings against recording fakes and
 * against the headers' figures.
 */
package io.sedd.cuda;
