package io.sedd.trainer.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * UTF-8 files of documents, read one after the other: plain or gzipped, text or JSON lines ({@link
 * TextFormat}), given one by one or as folders. A packed corpus ({@link PackedFolder}) stands for
 * the texts that it was made of.
 */
public final class Corpus {

  private final List<Path> files;
  private final Reading reading;

  /**
   * How files are read.
   *
   * @param format of all files
   * @param field of a JSON object that has the text
   * @param detokenizer applied to every document
   */
  public record Reading(TextFormat format, String field, Detokenizer detokenizer) {

    /** By each file's ending, nothing rewritten. */
    public static final Reading PLAIN = new Reading(TextFormat.AUTO, "text", Detokenizer.NONE);
  }

  private Corpus(List<Path> files, Reading reading) {
    this.files = files;
    this.reading = reading;
  }

  /** As {@link #of(List, Reading)}, in plain reading. */
  public static Corpus of(List<Path> paths) throws IOException {
    return of(paths, Reading.PLAIN);
  }

  /**
   * A corpus of files, in this order; a folder stands for the files in it and below, hidden ones
   * left out, by name.
   *
   * @throws NoSuchFileException if one is neither, or a folder has no file
   */
  public static Corpus of(List<Path> paths, Reading reading) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isRegularFile(path) || PackedFolder.is(path)) {
        files.add(path);
      } else {
        files.addAll(below(path));
      }
    }
    return new Corpus(List.copyOf(files), reading);
  }

  private static List<Path> below(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString(), null, "a text of the corpus is missing");
    }
    try (Stream<Path> found = Files.walk(folder)) {
      List<Path> files =
          found
              .filter(Files::isRegularFile)
              .filter(file -> !folder.relativize(file).toString().matches("(.*/)?\\..*"))
              .sorted()
              .toList();
      if (files.isEmpty()) {
        throw new NoSuchFileException(folder.toString(), null, "the folder has no text in it");
      }
      return files;
    }
  }

  /** The files, folders resolved, packed corpora as they are. */
  public List<Path> files() {
    return files;
  }

  /**
   * The documents in order, each file read when its turn comes. The stream throws {@link
   * UncheckedIOException}, naming the file, where one cannot be read or is not UTF-8, and {@link
   * IllegalArgumentException}, naming file and line, where a line is no JSON with a text.
   */
  public Stream<String> documents() {
    return files.stream().flatMap(this::documents);
  }

  private Stream<String> documents(Path file) {
    return (PackedFolder.is(file) ? packed(file) : read(file)).map(reading.detokenizer()::apply);
  }

  @SuppressWarnings("MustBeClosedChecker") // closed with the stream
  private static Stream<String> packed(Path folder) {
    try {
      PackedFolder packed = PackedFolder.open(folder);
      return packed.texts().onClose(packed::close);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private Stream<String> read(Path file) {
    TextFile lines = new TextFile(file);
    try {
      Documents documents = new Documents(file, lines, formatOf(file), reading.field());
      return StreamSupport.stream(Spliterators.spliteratorUnknownSize(documents, 0), false)
          .onClose(lines::close);
    } catch (RuntimeException e) {
      lines.close();
      throw e;
    }
  }

  private TextFormat formatOf(Path file) {
    if (reading.format() != TextFormat.AUTO) {
      return reading.format();
    }
    String name = file.getFileName().toString();
    return name.endsWith(".jsonl") || name.endsWith(".jsonl.gz")
        ? TextFormat.JSONL
        : TextFormat.TEXT;
  }
}
