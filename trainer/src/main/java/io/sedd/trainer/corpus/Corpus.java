package io.sedd.trainer.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.diffusion.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Plain UTF-8 text files, read one after the other. A line {@code <|endoftext|>} separates two
 * documents, a file's end ends one. The line breaks around a separator and at a file's very end
 * belong to no document; a document with no character left, as between two separators in a row, is
 * none.
 */
public final class Corpus {

  /** With UNIX_LINES only a line feed, and a carriage return before it, ends a line. */
  private static final Pattern SEPARATOR =
      Pattern.compile(
          "(?:\\r?\\n)?^" + Pattern.quote(Tokenizer.END_OF_TEXT) + "\\r?$\\n?",
          Pattern.MULTILINE | Pattern.UNIX_LINES);

  private static final Pattern LAST_LINE_BREAK = Pattern.compile("\\r?\\n\\z");

  private final List<Path> files;

  private Corpus(List<Path> files) {
    this.files = files;
  }

  /**
   * A corpus of files, in this order.
   *
   * @throws NoSuchFileException if one of them is no file
   */
  public static Corpus of(List<Path> files) throws NoSuchFileException {
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new NoSuchFileException(file.toString(), null, "a text of the corpus is missing");
      }
    }
    return new Corpus(List.copyOf(files));
  }

  /**
   * The documents in order, each file read when its turn comes. The stream throws {@link
   * UncheckedIOException}, naming the file, where one cannot be read or is not UTF-8.
   */
  public Stream<String> documents() {
    return files.stream().flatMap(file -> split(read(file)));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (CharacterCodingException e) {
      throw new UncheckedIOException(file + " is not UTF-8; convert it first", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  private static Stream<String> split(String text) {
    return SEPARATOR
        .splitAsStream(LAST_LINE_BREAK.matcher(text).replaceFirst(""))
        .filter(document -> !document.isEmpty());
  }
}
