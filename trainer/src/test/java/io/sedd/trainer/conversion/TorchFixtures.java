package io.sedd.trainer.conversion;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** The files that {@code make_fixtures.py} made, and damaged copies of them. */
final class TorchFixtures {

  private static final Path ROOT = Path.of("src/test/resources/torch");

  private TorchFixtures() {}

  static Path run() {
    return ROOT.resolve("run");
  }

  static Path bin() {
    return ROOT.resolve("bin");
  }

  /** The run folder with another pickle in its archive. */
  static Path runWithPickle(Path target, UnaryOperator<byte[]> change) {
    try {
      Path copy = target.resolve("run");
      for (Path file : new Path[] {TorchModel.RUN_CONFIG, TorchModel.RUN_WEIGHTS}) {
        Files.createDirectories(copy.resolve(file).getParent());
        Files.copy(run().resolve(file), copy.resolve(file));
      }
      URI archive = URI.create("jar:" + copy.resolve(TorchModel.RUN_WEIGHTS).toUri());
      // entries stay as they are: torch.save compresses none
      try (FileSystem zip =
          FileSystems.newFileSystem(archive, java.util.Map.of("compressionMethod", "STORED"))) {
        Path pickle = zip.getPath("archive/data.pkl");
        Files.write(pickle, change.apply(Files.readAllBytes(pickle)));
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
