package io.sedd.cuda.library;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * NVRTC out of the jar of {@code org.bytedeco:cuda-redist} with the classifier {@code
 * linux-x86_64}, where that is on the class path: its two files are copied to a folder, from which
 * the system's loader takes them.
 */
public final class RedistJar {

  private static final String FOLDER = "org/bytedeco/cuda/linux-x86_64/";

  private final ClassLoader classes;
  private final Path cache;

  /**
   * @param cache folder below which the files go
   */
  public RedistJar(ClassLoader classes, Path cache) {
    this.classes = classes;
    this.cache = cache;
  }

  /**
   * The folder with the files, if the jar is there.
   *
   * @param driverMajor newest CUDA that the driver understands
   */
  Optional<Path> nvrtc(int driverMajor) {
    for (String name : CudaLibrary.NVRTC.names(driverMajor)) {
      URL library = classes.getResource(FOLDER + name);
      if (library != null) {
        return Optional.of(unpacked(name, library));
      }
    }
    return Optional.empty();
  }

  private Path unpacked(String name, URL library) {
    try {
      long bytes = library.openConnection().getContentLengthLong();
      // a jar of another version has a library of another size
      Path folder = cache.resolve("nvrtc-" + bytes);
      String major = name.substring(name.lastIndexOf('.') + 1);
      for (int minor = 0; minor < 10; minor++) {
        String builtins = "libnvrtc-builtins.so." + major + "." + minor;
        URL source = classes.getResource(FOLDER + builtins);
        if (source != null) {
          copy(source, folder.resolve(builtins));
        }
      }
      copy(library, folder.resolve(name));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "NVRTC out of " + library + " cannot be copied to " + cache, e);
    }
  }

  private static void copy(URL source, Path target) throws IOException {
    if (Files.exists(target)) {
      return; // it was moved here whole
    }
    Files.createDirectories(target.getParent());
    Path part = Files.createTempFile(target.getParent(), "unpacked", ".part");
    try (InputStream in = source.openStream()) {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
