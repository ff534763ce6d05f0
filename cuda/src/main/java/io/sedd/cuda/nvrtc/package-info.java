/** Sources of kernels to code of the card: NVRTC, and a cache of what it made. */
package io.sedd.cuda.nvrtc;
