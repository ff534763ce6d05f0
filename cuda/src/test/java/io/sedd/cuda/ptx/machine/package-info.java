/**
 * The machine that runs PTX: memory that knows what is allocated and written, blocks, warps of 32
 * lanes that diverge and come together again. It knows of an instruction only that it can be run.
 */
package io.sedd.cuda.ptx.machine;
