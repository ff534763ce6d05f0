/**
 * A device in Java: runs the PTX of the kernels on the CPU, so that every kernel can be held
 * against the reference on a machine without a card. It computes what the PTX ISA says, and checks
 * more than a card does; it says nothing about speed.
 */
package io.sedd.cuda.ptx;
