/**
 * The text of PTX as records: what NVRTC writes, in the terms of NVIDIA's "Parallel Thread
 * Execution ISA". Nothing here knows what an instruction does.
 */
package io.sedd.cuda.ptx.syntax;
