package io.sedd.diffusion.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Finds the tokenizer that a checkpoint's {@code config.json} names. */
public final class Tokenizers {

  private Tokenizers() {}

  /**
   * The tokenizer of a name.
   *
   * @param name {@code gpt2}, {@code bytes}, or the name of a {@code tokenizer.json} in the folder
   * @param folder where the config lies
   * @throws IllegalArgumentException if the name leads out of the folder
   * @throws NoSuchFileException if the folder has no such file
   * @throws IOException if the file cannot be used, also by a {@link TokenizerEngine} if there is
   *     one
   */
  public static Tokenizer load(String name, Path folder) throws IOException {
    return switch (name) {
      case "gpt2" -> new Gpt2Tokenizer();
      case "bytes" -> new ByteTokenizer();
      default -> read(fileBeside(folder, name));
    };
  }

  private static Tokenizer read(Path file) throws IOException {
    try {
      return new BytePairTokenizer(TokenizerJsonReader.read(file));
    } catch (TokenizerFormatException e) {
      return ForeignTokenizer.read(file, e);
    }
  }

  private static Path fileBeside(Path folder, String name) throws NoSuchFileException {
    if (name.isBlank() || name.contains("/") || name.contains("\\") || name.equals("..")) {
      throw new IllegalArgumentException(
          "tokenizer \""
              + name
              + "\" is neither gpt2 nor bytes nor the plain name of a file beside the config");
    }
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(
          file.toString(),
          null,
          "the config names the tokenizer \"" + name + "\": it is gpt2, bytes, or a file there");
    }
    return file;
  }
}
