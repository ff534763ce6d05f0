package io.sedd.checkpoint.s3;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A disk that is soon full: a tmpfs of its own, which takes the right to mount, or a folder whose
 * writes end at a limit. Both say beforehand that there is room, as if another process took it
 * meanwhile.
 */
final class SmallDisk implements CacheDisk, AutoCloseable {

  private final Path folder;
  private final boolean mounted;
  private long left;

  private SmallDisk(Path folder, long bytes, boolean mounted) {
    this.folder = folder;
    this.left = bytes;
    this.mounted = mounted;
  }

  static SmallDisk limited(Path folder, long bytes) {
    return new SmallDisk(folder, bytes, false);
  }

  /** A tmpfs; nothing where this process may not mount one. */
  static Optional<SmallDisk> tmpfs(Path folder, long bytes) throws Exception {
    Files.createDirectories(folder);
    return run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "sedd", folder.toString())
        ? Optional.of(new SmallDisk(folder, bytes, true))
        : Optional.empty();
  }

  Path folder() {
    return folder;
  }

  /** Gives it so many bytes more. */
  void grow(long bytes) throws Exception {
    left += bytes;
    if (mounted && !run("mount", "-o", "remount,size=" + left, folder.toString())) {
      throw new IOException(folder + " cannot be mounted again");
    }
  }

  @Override
  public long usableBytes(Path any) {
    return Long.MAX_VALUE;
  }

  @Override
  public OutputStream append(Path file) throws IOException {
    OutputStream out = CacheDisk.REAL.append(file);
    return mounted ? out : new Limited(out);
  }

  @Override
  public void close() throws Exception {
    if (mounted && !run("umount", folder.toString())) {
      throw new IOException(folder + " cannot be unmounted");
    }
  }

  private static boolean run(String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException _) {
      return false;
    }
    process.getInputStream().readAllBytes();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  private final class Limited extends FilterOutputStream {

    Limited(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > left) {
        throw new IOException("No space left on device");
      }
      left -= length;
      out.write(bytes, offset, length);
    }
  }
}
