package io.sedd.cuda.library;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The libraries of this machine, and where it has no NVRTC, that of the class path. */
public final class LibrariesHere implements Libraries {

  private final LibrarySearch search;
  private final RedistJar jar;

  public LibrariesHere(LibrarySearch search, RedistJar jar) {
    this.search = search;
    this.jar = jar;
  }

  @Override
  public NativeFunctions load(CudaLibrary library, int driverMajor) {
    try {
      return search.load(library, driverMajor);
    } catch (MissingLibraryException e) {
      if (library != CudaLibrary.NVRTC) {
        throw e;
      }
      return fromJar(driverMajor)
          .orElseThrow(
              () ->
                  new MissingLibraryException(
                      e.getMessage()
                          + ", nor on the class path in org.bytedeco:cuda-redist:linux-x86_64"));
    }
  }

  private Optional<NativeFunctions> fromJar(int driverMajor) {
    try {
      Optional<Path> folder = jar.nvrtc(driverMajor);
      return folder.map(
          found -> new LibrarySearch(List.of(found), false).load(CudaLibrary.NVRTC, driverMajor));
    } catch (UncheckedIOException e) {
      throw new MissingLibraryException(e.getMessage() + ": " + e.getCause());
    }
  }
}
