package io.sedd.launcher.batch;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * The file that results are added to. A process that was killed leaves whole lines and at most one
 * torn one at the end, since each line is one write: on opening the torn one is cut off, and the
 * ids of the whole ones are known. Locked against a second run.
 */
final class ResultsFile implements AutoCloseable {

  private final FileChannel channel;
  private final FileLock lock;
  private final Set<String> done = new HashSet<>();
  private final long cut;

  /**
   * Opens or makes it.
   *
   * @throws IOException if another run writes to it, or what stands there is none of this command's
   *     results: then nothing is changed
   */
  ResultsFile(Path file) throws IOException {
    this.channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      this.lock = lock(file);
      long whole = readWhole(file);
      this.cut = channel.size() - whole;
      channel.truncate(whole);
      channel.position(whole);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private FileLock lock(Path file) throws IOException {
    try {
      FileLock taken = channel.tryLock();
      if (taken != null) {
        return taken;
      }
    } catch (OverlappingFileLockException _) {
      // this very process has it
    }
    throw new IOException("another run writes to " + file + "; wait for it, or give another file");
  }

  /** Bytes up to the end of the last whole line. */
  private long readWhole(Path file) throws IOException {
    ResultLines lines = new ResultLines();
    InputStream in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long whole = 0;
    long number = 1;
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b != '\n') {
        line.write(b);
        continue;
      }
      long at = number;
      done.add(lines.id(line.toByteArray()).orElseThrow(() -> foreign(file, at)));
      whole += line.size() + 1;
      number++;
      line.reset();
    }
    if (!ResultLines.mayBegin(line.toByteArray())) {
      throw foreign(file, number);
    }
    return whole;
  }

  private static IOException foreign(Path file, long number) {
    return new IOException(
        "line %d of %s is no result that run-batch wrote; give another file, or put this one aside"
            .formatted(number, file));
  }

  /** Ids of the jobs whose results are in it, as it was opened. */
  Set<String> done() {
    return done;
  }

  /** Bytes of a torn last line that were cut off. */
  long cut() {
    return cut;
  }

  /** Adds a line; one thread at a time. */
  void append(byte[] line) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Waits until the disk has it all. */
  @Override
  public void close() throws IOException {
    try (channel;
        lock) {
      channel.force(true);
    }
  }
}
