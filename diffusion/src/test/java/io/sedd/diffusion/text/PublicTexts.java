package io.sedd.diffusion.text;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Public texts that are no part of this repository: in the folder that the system property {@code
 * data.dir} names, else in {@code shared/data} beside the repository.
 */
public final class PublicTexts {

  private PublicTexts() {}

  /** A file of theirs; where it is absent the calling test is aborted with a message naming it. */
  public static Path require(String name) {
    String named = System.getProperty("data.dir");
    Path folder = named != null ? Path.of(named) : Path.of("..", "..", "shared", "data");
    Path file = folder.resolve(name);
    assumeTrue(
        Files.isRegularFile(file),
        () ->
            "ABSENT: "
                + file.toAbsolutePath().normalize()
                + "; nothing was checked against it (give its folder with -Ddata.dir=...)");
    return file;
  }
}
