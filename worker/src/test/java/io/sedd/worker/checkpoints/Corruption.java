package io.sedd.worker.checkpoints;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The ways in which a checkpoint may be broken. */
public enum Corruption {
  TRUNCATED_WEIGHTS {
    @Override
    public void publish(CheckpointStore store, Path folder) throws IOException {
      truncate(sound(store, folder).resolve(Checkpoint.MODEL_FILE));
    }
  },
  TRUNCATED_CONFIG {
    @Override
    public void publish(CheckpointStore store, Path folder) throws IOException {
      truncate(sound(store, folder).resolve(Checkpoint.CONFIG_FILE));
    }
  },
  TRUNCATED_MANIFEST {
    @Override
    public void publish(CheckpointStore store, Path folder) throws IOException {
      truncate(sound(store, folder).resolve(Checkpoint.MANIFEST_FILE));
    }
  },
  FLIPPED_BIT_IN_WEIGHTS {
    @Override
    public void publish(CheckpointStore store, Path folder) throws IOException {
      flip(sound(store, folder).resolve(Checkpoint.MODEL_FILE));
    }
  },
  FLIPPED_BIT_IN_CONFIG {
    @Override
    public void publish(CheckpointStore store, Path folder) throws IOException {
      flip(sound(store, folder).resolve(Checkpoint.CONFIG_FILE));
    }
  },
  FLIPPED_BIT_IN_MANIFEST {
    @Override
    public void publish(CheckpointStore store, Path folder) throws IOException {
      flip(sound(store, folder).resolve(Checkpoint.MANIFEST_FILE));
    }
  },
  NO_WEIGHTS {
    @Override
    public void publish(CheckpointStore store, Path folder) throws IOException {
      Files.delete(sound(store, folder).resolve(Checkpoint.MODEL_FILE));
    }
  },
  WEIGHT_NOT_FINITE {
    @Override
    public void publish(CheckpointStore store, Path folder) throws IOException {
      TinyCheckpoints.publishNotFinite(store, NAME);
    }
  },
  OTHER_SHAPE {
    @Override
    public void publish(CheckpointStore store, Path folder) throws IOException {
      TinyCheckpoints.publishOtherShape(store, NAME);
    }
  },
  OTHER_CANARY {
    @Override
    public void publish(CheckpointStore store, Path folder) throws IOException {
      TinyCheckpoints.publishOtherCanary(store, NAME);
    }
  };

  public static final String NAME = "broken";

  /** Publishes a broken checkpoint of the name {@link #NAME} in a store of its own. */
  public abstract void publish(CheckpointStore store, Path folder) throws IOException;

  private static Path sound(CheckpointStore store, Path folder) throws IOException {
    TinyCheckpoints.publish(store, NAME, 3);
    return folder.resolve(NAME);
  }

  private static void truncate(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length * 2 / 3));
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 4;
    Files.write(file, bytes);
  }
}
