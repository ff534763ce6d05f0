package io.sedd.worker;

import io.sedd.protocol.checkpoint.CheckpointStore;
import io.sedd.protocol.checkpoint.CheckpointStoreProvider;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.checkpoint.RemoteLocation;
import io.sedd.worker.configuration.WorkerConfiguration.Checkpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;

/** The checkpoint store that the configuration names. */
final class ConfiguredStore {

  private ConfiguredStore() {}

  /** Opens it; owned by the caller. */
  static CheckpointStore open(Checkpoints checkpoints) {
    if (checkpoints.folder().isPresent()) {
      return new FileSystemCheckpointStore(checkpoints.folder().get());
    }
    try {
      return CheckpointStoreProvider.find(
          new RemoteLocation(
              checkpoints.location().orElseThrow(),
              checkpoints.s3().endpoint().map(URI::create),
              checkpoints.s3().region(),
              checkpoints.s3().pathStyle(),
              checkpoints.s3().cacheFolder().orElseThrow(),
              checkpoints.s3().cacheBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** What a person calls it. */
  static String place(Checkpoints checkpoints) {
    return checkpoints.location().orElseGet(() -> checkpoints.folder().orElseThrow().toString());
  }
}
