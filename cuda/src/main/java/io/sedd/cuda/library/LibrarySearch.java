package io.sedd.cuda.library;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks for CUDA's libraries: in a configured folder, where {@code CUDA_PATH} and {@code CUDA_HOME}
 * point, where the toolkit's packages put them, and last where the system's loader looks, which
 * {@code LD_LIBRARY_PATH} is part of.
 *
 * @param folders in their order
 * @param systemToo whether the system's loader is asked where the folders do not have it
 */
public record LibrarySearch(List<Path> folders, boolean systemToo) implements Libraries {

  /** Folders with the libraries, with {@code :} between them; they come first. */
  public static final String PROPERTY = "sedd.cuda.libraries";

  public LibrarySearch {
    folders = List.copyOf(folders);
  }

  /** The places of this machine. */
  public static LibrarySearch ofThisMachine() {
    return of(
        Optional.ofNullable(System.getProperty(PROPERTY)), System.getenv(), Path.of("/usr/local"));
  }

  /**
   * As {@link #ofThisMachine}.
   *
   * @param configured what {@link #PROPERTY} says
   * @param toolkits folder in which the toolkits lie as {@code cuda} and {@code cuda-13.0}
   */
  static LibrarySearch of(
      Optional<String> configured, Map<String, String> environment, Path toolkits) {
    Set<Path> folders = new LinkedHashSet<>();
    configured.ifPresent(
        value ->
            Stream.of(value.split(":"))
                .filter(part -> !part.isBlank())
                .forEach(part -> folders.add(Path.of(part.strip()))));
    for (String variable : List.of("CUDA_PATH", "CUDA_HOME")) {
      String value = environment.getOrDefault(variable, "");
      if (!value.isBlank()) {
        folders.add(Path.of(value).resolve("lib64"));
      }
    }
    folders.add(toolkits.resolve("cuda").resolve("lib64"));
    installed(toolkits).forEach(toolkit -> folders.add(toolkit.resolve("lib64")));
    return new LibrarySearch(new ArrayList<>(folders), true);
  }

  private static List<Path> installed(Path toolkits) {
    if (!Files.isDirectory(toolkits)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(toolkits)) {
      return entries
          .filter(entry -> entry.getFileName().toString().startsWith("cuda-"))
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the folder " + toolkits + " cannot be listed", e);
    }
  }

  @Override
  public LoadedLibrary load(CudaLibrary library, int driverMajor) {
    List<String> names = library.names(driverMajor);
    List<String> refusals = new ArrayList<>();
    for (String name : names) {
      for (Path folder : folders) {
        Path file = folder.resolve(name);
        if (Files.exists(file)) {
          try {
            return LoadedLibrary.load(file);
          } catch (IllegalArgumentException e) {
            refusals.add(file + " does not load (" + e.getMessage() + ")");
          }
        }
      }
    }
    for (String name : systemToo ? names : List.<String>of()) {
      Optional<LoadedLibrary> found = LoadedLibrary.loadByName(name);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new MissingLibraryException(missing(library, names, refusals));
  }

  private String missing(CudaLibrary library, List<String> names, List<String> refusals) {
    String looked =
        "%s was not found: no %s in %s%s"
            .formatted(
                library.words(),
                String.join(" or ", names),
                String.join(", ", folders.stream().map(Path::toString).toList()),
                systemToo ? ", nor where the system's loader looks" : "");
    return refusals.isEmpty() ? looked : looked + "; " + String.join("; ", refusals);
  }
}
