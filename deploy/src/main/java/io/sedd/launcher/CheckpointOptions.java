package io.sedd.launcher;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which checkpoint a command works with: one folder, or the newest of several. */
public final class CheckpointOptions {

  @Option(
      names = "--checkpoint",
      description =
          "Folder of a checkpoint, or of several with a LATEST file; default: the demo's.")
  private Path folder = SeddHome.demoCheckpoints();

  /** The checkpoint, its hashes verified where it has a manifest. */
  public Checkpoint open() throws IOException {
    Checkpoint checkpoint = find();
    checkpoint.verify();
    return checkpoint;
  }

  private Checkpoint find() throws IOException {
    if (Files.exists(folder.resolve(Checkpoint.MODEL_FILE))) {
      return Checkpoint.open(folder);
    }
    FileSystemCheckpointStore store = new FileSystemCheckpointStore(folder);
    String latest =
        store
            .latest()
            .orElseThrow(
                () ->
                    new IOException(
                        folder
                            + " holds neither "
                            + Checkpoint.MODEL_FILE
                            + " nor LATEST; give the folder of a checkpoint"));
    return store.open(latest);
  }
}
