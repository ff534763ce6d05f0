/**
 * Files that PyTorch's {@code torch.save} writes, read without running anything: tensors, numbers,
 * strings, lists and dictionaries, and no other class.
 */
package io.sedd.protocol.torch;
