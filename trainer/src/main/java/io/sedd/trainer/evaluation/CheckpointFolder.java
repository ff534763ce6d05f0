package io.sedd.trainer.evaluation;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.CheckpointStore;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the checkpoint that a folder means: itself, or the latest of those in it. */
public final class CheckpointFolder {

  private CheckpointFolder() {}

  /**
   * Opens it; nothing is verified.
   *
   * @throws CheckpointException if the folder is neither
   */
  public static Checkpoint open(Path folder) throws IOException {
    if (Files.exists(folder.resolve(Checkpoint.CONFIG_FILE))) {
      return Checkpoint.open(folder);
    }
    CheckpointStore store = new FileSystemCheckpointStore(folder);
    return store.open(
        store
            .latest()
            .orElseThrow(
                () ->
                    new CheckpointException(
                        folder + " is neither a checkpoint nor a folder of checkpoints")));
  }
}
