/**
 * What each instruction of PTX does, one class a family, after NVIDIA's "Parallel Thread Execution
 * ISA", chapter 9. {@link io.sedd.cuda.ptx.operation.Translator} makes programs of functions.
 */
package io.sedd.cuda.ptx.operation;
