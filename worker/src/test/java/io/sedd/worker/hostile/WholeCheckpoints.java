package io.sedd.worker.hostile;

import io.sedd.diffusion.LoadedCheckpoint;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A checkpoint whose configuration does not say what its weights are: it asks for a network of any
 * size, and must not get the memory before the weights are seen to be there.
 */
final class WholeCheckpoints implements HostileInput {

  /**
   * The weights have 60 KB and are there three times: as bytes, as numbers, as parameters; room for
   * buffers.
   */
  private static final int WEIGHTS = 1 << 21;

  private final FileInput config = FileInput.named(Checkpoint.CONFIG_FILE);
  private final Backend backend = new ReferenceBackend();
  private final byte[] good;

  WholeCheckpoints() throws IOException {
    Path root = Files.createTempDirectory("sedd-hostile");
    TinyCheckpoints.publish(new FileSystemCheckpointStore(root), "good", 1);
    Path folder = root.resolve("good");
    good = Files.readAllBytes(folder.resolve(Checkpoint.CONFIG_FILE));
    // no manifest, as in a folder from elsewhere: its hashes would refuse every change
    Files.move(
        folder.resolve(Checkpoint.MODEL_FILE), config.folder().resolve(Checkpoint.MODEL_FILE));
  }

  @Override
  public String name() {
    return "checkpoint";
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(good);
  }

  @Override
  public long allocationBound(int inputBytes) {
    return WEIGHTS + 512L * inputBytes;
  }

  @Override
  public Verdict read(byte[] bytes) throws IOException {
    return config.read(bytes, _ -> load());
  }

  private Verdict load() throws IOException {
    try (LoadedCheckpoint _ = LoadedCheckpoint.load(Checkpoint.open(config.folder()), backend)) {
      return Verdict.ACCEPTED;
    } catch (CheckpointException | java.nio.file.NoSuchFileException _) {
      return Verdict.REFUSED;
    }
  }

  @Override
  public void close() throws IOException {
    backend.close();
    config.close();
  }
}
