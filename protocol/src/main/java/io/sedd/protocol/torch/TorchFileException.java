package io.sedd.protocol.torch;

import io.sedd.protocol.checkpoint.CheckpointException;

/** A file of PyTorch's that breaks its format, or holds what is not read here. */
public final class TorchFileException extends CheckpointException {

  private static final long serialVersionUID = 1L;

  TorchFileException(String message) {
    super(message);
  }

  TorchFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
