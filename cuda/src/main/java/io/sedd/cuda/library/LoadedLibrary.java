package io.sedd.cuda.library;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A library in the process, where it stays: CUDA's libraries do not like to be unloaded. */
public final class LoadedLibrary implements NativeFunctions {

  private static final String NVRTC_BUILTINS = "libnvrtc-builtins.so";

  private final String origin;
  private final SymbolLookup symbols;

  private LoadedLibrary(String origin, SymbolLookup symbols) {
    this.origin = origin;
    this.symbols = symbols;
  }

  /**
   * Loads a file.
   *
   * @throws IllegalArgumentException if the system's loader refuses it
   */
  @SuppressWarnings("restricted")
  static LoadedLibrary load(Path file) {
    if (file.getFileName().toString().startsWith("libnvrtc.so")) {
      loadBuiltinsBeside(file);
    }
    return new LoadedLibrary(file.toString(), SymbolLookup.libraryLookup(file, Arena.global()));
  }

  /** Lets the system's loader look for it. */
  @SuppressWarnings("restricted")
  static Optional<LoadedLibrary> loadByName(String name) {
    try {
      return Optional.of(new LoadedLibrary(name, SymbolLookup.libraryLookup(name, Arena.global())));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /**
   * NVRTC asks the system's loader for its second library by name when it compiles, and the loader
   * does not look in a folder that only we know; what is in the process already it does not look
   * for.
   */
  @SuppressWarnings("restricted")
  private static void loadBuiltinsBeside(Path file) {
    try (Stream<Path> entries = Files.list(file.toAbsolutePath().getParent())) {
      List<Path> builtins =
          entries
              .filter(entry -> entry.getFileName().toString().startsWith(NVRTC_BUILTINS))
              .sorted()
              .toList();
      builtins.forEach(library -> SymbolLookup.libraryLookup(library, Arena.global()));
    } catch (IOException e) {
      throw new UncheckedIOException("the folder of " + file + " cannot be listed", e);
    }
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  @SuppressWarnings("restricted")
  public MethodHandle function(String name, FunctionDescriptor type) {
    return symbols
        .find(name)
        .map(symbol -> Linker.nativeLinker().downcallHandle(symbol, type))
        .orElseThrow(
            () ->
                new MissingLibraryException(
                    origin
                        + " has no function "
                        + name
                        + ": it is older than CUDA "
                        + CudaLibrary.OLDEST_MAJOR));
  }
}
