package io.sedd.protocol.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A safetensors file, mapped into memory: 8 bytes of header length, a JSON header, the tensors' raw
 * data, all little-endian. The header is checked in full when the file is opened; the numbers
 * themselves are not looked at. Any thread may read; closing it unmaps the file.
 */
public final class Safetensors implements AutoCloseable {

  /** Longest header in bytes, as in the official library: no file makes us allocate more. */
  private static final long LONGEST_HEADER = 100_000_000;

  private static final int LENGTH_BYTES = Long.BYTES;

  private final Path file;
  private final Arena arena;
  private final FileChannel channel;
  private final SafetensorsHeader header;
  private final MemorySegment data;
  private final long fileBytes;

  private Safetensors(
      Path file, Arena arena, FileChannel channel, SafetensorsHeader header, MemorySegment data)
      throws IOException {
    this.file = file;
    this.arena = arena;
    this.channel = channel;
    this.header = header;
    this.data = data;
    this.fileBytes = channel.size();
  }

  /**
   * Maps a file and checks its header.
   *
   * @throws SafetensorsException naming file, tensor and numbers if it breaks the format
   * @throws IOException if it cannot be read at all
   */
  @SuppressWarnings("MustBeClosedChecker") // both are handed over or closed
  public static Safetensors open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    Arena arena = Arena.ofShared();
    try {
      long fileBytes = channel.size();
      byte[] json = readHeader(file, channel, fileBytes);
      long dataStart = (long) LENGTH_BYTES + json.length;
      SafetensorsHeader header = SafetensorsHeader.parse(file, json, fileBytes - dataStart);
      MemorySegment data =
          channel.map(FileChannel.MapMode.READ_ONLY, dataStart, fileBytes - dataStart, arena);
      return new Safetensors(file, arena, channel, header, data);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      channel.close();
      throw e;
    }
  }

  private static byte[] readHeader(Path file, FileChannel channel, long fileBytes)
      throws IOException {
    if (fileBytes < LENGTH_BYTES) {
      throw new SafetensorsException(
          file + ": has " + fileBytes + " bytes, a safetensors file at least 8; copy it again");
    }
    long length =
        MemorySegment.ofArray(read(file, channel, 0, LENGTH_BYTES)).get(ElementConversion.LONG, 0);
    if (length < 0 || length > LONGEST_HEADER) {
      throw new SafetensorsException(
          "%s: its first 8 bytes give a header of %s bytes, the most is %,d; it is damaged or no safetensors file"
              .formatted(file, Long.toUnsignedString(length), LONGEST_HEADER));
    }
    if (length > fileBytes - LENGTH_BYTES) {
      throw new SafetensorsException(
          "%s: a header of %,d bytes is announced, but only %,d follow: it is truncated; copy it again"
              .formatted(file, length, fileBytes - LENGTH_BYTES));
    }
    return read(file, channel, LENGTH_BYTES, (int) length);
  }

  private static byte[] read(Path file, FileChannel channel, long position, int bytes)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new SafetensorsException(
            "%s: ends at byte %,d while its header is read; it is being written or truncated"
                .formatted(file, position + buffer.position()));
      }
    }
    return buffer.array();
  }

  /** The file that was opened. */
  public Path file() {
    return file;
  }

  /** Names of all tensors, in the order of the header. */
  public List<String> names() {
    return List.copyOf(header.entries().keySet());
  }

  /** The header's free strings; empty if it has none. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /** Whether there is such a tensor. */
  public boolean has(String name) {
    return header.entries().containsKey(name);
  }

  /**
   * Type, shape and place of a tensor.
   *
   * @throws SafetensorsException if there is none of this name
   */
  public TensorEntry entry(String name) {
    TensorEntry entry = header.entries().get(name);
    if (entry == null) {
      throw new SafetensorsException(
          "%s: has no tensor '%s' among its %d, such as %s; is it the file of another network?"
              .formatted(file, name, header.entries().size(), names().stream().limit(3).toList()));
    }
    return entry;
  }

  /**
   * The entry of a tensor that must have the given shape.
   *
   * @throws SafetensorsException with both shapes if it has another, or if there is none
   */
  public TensorEntry entry(String name, long... shape) {
    TensorEntry entry = entry(name);
    if (!Arrays.equals(entry.shape(), shape)) {
      throw new SafetensorsException(
          "%s: tensor '%s' has shape %s where %s is needed; do the weights belong to this config?"
              .formatted(file, name, Arrays.toString(entry.shape()), Arrays.toString(shape)));
    }
    return entry;
  }

  /**
   * The tensor's bytes in the file, read-only, little-endian, at any alignment. Valid until this is
   * closed, and as long as nobody truncates the file: a read beyond its new end is an {@link
   * InternalError}; the methods below check.
   */
  public MemorySegment data(String name) {
    TensorEntry entry = entry(name);
    checkWhole();
    return data.asSlice(entry.begin(), entry.end() - entry.begin()).asReadOnly();
  }

  /**
   * All elements of an F32, F16 or BF16 tensor, row-major; exact.
   *
   * @throws SafetensorsException for an F64 or I64 tensor, and for one of 2^31 elements or more
   */
  public float[] readFloats(String name) {
    float[] values = new float[arrayLength(floating(name))];
    copyFloats(name, MemorySegment.ofArray(values));
    return values;
  }

  /**
   * Copies an F32, F16 or BF16 tensor to fp32 numbers of this platform's byte order; exact.
   *
   * @param target of exactly 4 bytes an element
   * @throws SafetensorsException for an F64 or I64 tensor
   */
  public void copyFloats(String name, MemorySegment target) {
    TensorEntry entry = floating(name);
    if (target.byteSize() != 4 * entry.elements()) {
      throw new IllegalArgumentException(
          "%s: tensor '%s' has %,d elements, the target room for %,d bytes, not 4 each"
              .formatted(file, name, entry.elements(), target.byteSize()));
    }
    guarded(entry, bytes -> ElementConversion.toFp32(entry.type(), bytes, target));
  }

  /**
   * All elements of an I64 tensor, row-major.
   *
   * @throws SafetensorsException for any other type
   */
  public long[] readLongs(String name) {
    TensorEntry entry = typed(name, "readFloats or readDoubles", TensorType.I64);
    long[] values = new long[arrayLength(entry)];
    guarded(
        entry,
        bytes -> MemorySegment.copy(bytes, ElementConversion.LONG, 0, values, 0, values.length));
    return values;
  }

  /**
   * All elements of an F64 tensor, row-major, or of an F32, F16 or BF16 one, widened; exact.
   *
   * @throws SafetensorsException for an I64 tensor
   */
  public double[] readDoubles(String name) {
    if (entry(name).type() != TensorType.F64) {
      float[] narrow = readFloats(name);
      double[] values = new double[narrow.length];
      Arrays.setAll(values, i -> narrow[i]);
      return values;
    }
    TensorEntry entry = entry(name);
    double[] values = new double[arrayLength(entry)];
    guarded(
        entry,
        bytes -> MemorySegment.copy(bytes, ElementConversion.DOUBLE, 0, values, 0, values.length));
    return values;
  }

  private TensorEntry floating(String name) {
    return typed(
        name,
        "readLongs for I64, readDoubles for F64 (it would be rounded here)",
        TensorType.F32,
        TensorType.F16,
        TensorType.BF16);
  }

  private TensorEntry typed(String name, String instead, TensorType... wanted) {
    TensorEntry entry = entry(name);
    if (!Arrays.asList(wanted).contains(entry.type())) {
      throw new SafetensorsException(
          "%s: tensor '%s' is %s where one of %s is needed; use %s, or convert the file"
              .formatted(file, name, entry.type(), Arrays.toString(wanted), instead));
    }
    return entry;
  }

  private int arrayLength(TensorEntry entry) {
    // a few words less than 2^31 - 1 is the longest array of this JVM
    if (entry.elements() > Integer.MAX_VALUE - 8) {
      throw new SafetensorsException(
          "%s: tensor '%s' has %,d elements, more than an array holds; use copyFloats or data"
              .formatted(file, entry.name(), entry.elements()));
    }
    return (int) entry.elements();
  }

  private void guarded(TensorEntry entry, Consumer<MemorySegment> read) {
    checkWhole();
    try {
      read.accept(data.asSlice(entry.begin(), entry.end() - entry.begin()));
    } catch (InternalError e) {
      // how the JVM reports a page of the mapping that the file no longer has
      throw new SafetensorsException(
          file + ": was truncated while tensor '" + entry.name() + "' was read; copy it again", e);
    }
  }

  private void checkWhole() {
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException(file + ": is closed");
    }
    long now;
    try {
      now = channel.size();
    } catch (IOException e) {
      throw new SafetensorsException(file + ": its size cannot be read any more", e);
    }
    if (now < fileBytes) {
      throw new SafetensorsException(
          "%s: was truncated from %,d to %,d bytes since it was opened; copy it again"
              .formatted(file, fileBytes, now));
    }
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw new SafetensorsException(file + ": cannot be closed", e);
    }
  }
}
