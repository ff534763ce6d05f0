/** Tensors and workspaces in the memory of a device. */
package io.sedd.cuda.memory;
