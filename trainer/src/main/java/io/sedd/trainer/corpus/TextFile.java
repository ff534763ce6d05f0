package io.sedd.trainer.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.GZIPInputStream;

/**
 * The lines of a UTF-8 file, gzipped or not, each with its line feed: only the last may lack it.
 * Read as they are asked for, so that a file may be larger than memory.
 */
final class TextFile implements Iterator<String>, AutoCloseable {

  private static final int BUFFER = 1 << 16;
  private static final int GZIP_MAGIC = 0x1f8b;

  private final Path file;
  private final BufferedReader reader;
  private String next;

  /**
   * Opens a file.
   *
   * @throws UncheckedIOException naming it, if it cannot be read
   */
  TextFile(Path file) {
    this.file = file;
    try {
      this.reader =
          new BufferedReader(
              new InputStreamReader(
                  open(file),
                  UTF_8
                      .newDecoder()
                      .onMalformedInput(CodingErrorAction.REPORT)
                      .onUnmappableCharacter(CodingErrorAction.REPORT)),
              BUFFER);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
    this.next = read();
  }

  /** Told by its first bytes, not its name. */
  private static InputStream open(Path file) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    try {
      bytes.mark(2);
      int magic = bytes.read() << 8 | bytes.read();
      bytes.reset();
      return magic == GZIP_MAGIC ? new GZIPInputStream(bytes, BUFFER) : bytes;
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  private String read() {
    StringBuilder line = new StringBuilder();
    try {
      int c;
      do {
        c = reader.read();
        if (c >= 0) {
          line.append((char) c);
        }
      } while (c >= 0 && c != '\n');
    } catch (CharacterCodingException e) {
      throw new UncheckedIOException(file + " is not UTF-8; convert it first", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
    return line.isEmpty() ? null : line.toString();
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public String next() {
    if (next == null) {
      throw new NoSuchElementException(file + " has ended");
    }
    String line = next;
    next = read();
    return line;
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be closed", e);
    }
  }
}
