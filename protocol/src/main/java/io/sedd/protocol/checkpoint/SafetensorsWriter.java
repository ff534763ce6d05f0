package io.sedd.protocol.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Writes a safetensors file. Tensors are announced first, because the header precedes the data, and
 * asked for their numbers one after the other while the file is written: one tensor is in memory at
 * a time. Order on disk, as in the official library: wider types first, then by name, so that every
 * tensor is aligned and equal content makes equal bytes.
 */
public final class SafetensorsWriter {

  /** Elements converted at a time: at most 512 KB. */
  private static final int CHUNK = 1 << 16;

  private final Map<String, String> metadata = new TreeMap<>();
  private final Map<String, Announced> tensors = new TreeMap<>();

  private record Announced(TensorEntry entry, int hostBytes, Consumer<MemorySegment> source) {}

  /** Adds a free string to the header. */
  public void addMetadata(String key, String value) {
    if (metadata.putIfAbsent(key, value) != null) {
      throw new IllegalArgumentException("metadata '" + key + "' was given already");
    }
  }

  /**
   * Announces a tensor of real numbers.
   *
   * @param type F32, or BF16: rounded to the nearest, ties to even
   * @param source fills a segment with fp32 numbers of this platform's byte order, row-major; is
   *     called once, while the file is written
   * @param shape empty for a scalar
   */
  public void addFloats(
      String name, TensorType type, Consumer<MemorySegment> source, long... shape) {
    if (type != TensorType.F32 && type != TensorType.BF16) {
      throw new IllegalArgumentException(
          "tensor '" + name + "': real numbers are written as F32 or BF16, not " + type);
    }
    add(name, type, Float.BYTES, source, shape);
  }

  /** Announces an F32 tensor; the array is read while the file is written. */
  public void addFloats(String name, float[] values, long... shape) {
    checkCount(name, values.length, shape);
    addFloats(
        name, TensorType.F32, target -> target.copyFrom(MemorySegment.ofArray(values)), shape);
  }

  /** Announces an I64 tensor; the array is read while the file is written. */
  public void addLongs(String name, long[] values, long... shape) {
    checkCount(name, values.length, shape);
    Consumer<MemorySegment> source = target -> target.copyFrom(MemorySegment.ofArray(values));
    add(name, TensorType.I64, Long.BYTES, source, shape);
  }

  private void add(
      String name, TensorType type, int hostBytes, Consumer<MemorySegment> source, long[] shape) {
    if (name.equals("__metadata__") || tensors.containsKey(name)) {
      throw new IllegalArgumentException("the tensor name '" + name + "' is taken");
    }
    long bytes = Math.multiplyExact(elements(name, shape), type.bytes());
    TensorEntry entry = new TensorEntry(name, type, shape, 0, bytes);
    tensors.put(name, new Announced(entry, hostBytes, source));
  }

  private static long elements(String name, long[] shape) {
    long elements = 1;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "tensor '" + name + "' has a negative dimension: " + Arrays.toString(shape));
      }
      elements = Math.multiplyExact(elements, dimension);
    }
    return elements;
  }

  private static void checkCount(String name, int values, long[] shape) {
    if (elements(name, shape) != values) {
      throw new IllegalArgumentException(
          "tensor '%s' has the shape %s, but %,d numbers are given"
              .formatted(name, Arrays.toString(shape), values));
    }
  }

  /**
   * Writes everything to a new file; if that fails, the file is removed. It is not forced to disk.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is a file: a reader may have it
   *     mapped
   */
  public void writeTo(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      try {
        writeTo(channel);
      } catch (IOException | RuntimeException | Error e) {
        Files.deleteIfExists(file);
        throw e;
      }
    }
  }

  private void writeTo(FileChannel channel) throws IOException {
    List<Announced> ordered = new ArrayList<>(tensors.values());
    ordered.sort(Comparator.comparingInt(tensor -> -tensor.entry().type().bytes()));
    byte[] json = header(ordered);
    MemorySegment length = MemorySegment.ofArray(new byte[Long.BYTES]);
    length.set(ElementConversion.LONG, 0, json.length);
    writeFully(channel, length.asByteBuffer());
    writeFully(channel, ByteBuffer.wrap(json));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment chunk = arena.allocate((long) CHUNK * Long.BYTES, Long.BYTES);
      for (Announced tensor : ordered) {
        writeTensor(channel, tensor, chunk);
      }
    }
  }

  private static void writeTensor(FileChannel channel, Announced tensor, MemorySegment chunk)
      throws IOException {
    TensorEntry entry = tensor.entry();
    long elements = entry.elements();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers = arena.allocate(Math.multiplyExact(elements, tensor.hostBytes()), 64);
      tensor.source().accept(numbers);
      for (long first = 0; first < elements; first += CHUNK) {
        int count = (int) Math.min(CHUNK, elements - first);
        ElementConversion.toFile(entry.type(), numbers, first, count, chunk);
        writeFully(channel, chunk.asSlice(0, (long) count * entry.type().bytes()).asByteBuffer());
      }
    }
  }

  private byte[] header(List<Announced> ordered) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart("__metadata__");
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      long begin = 0;
      for (Announced tensor : ordered) {
        TensorEntry entry = tensor.entry();
        long end = Math.addExact(begin, entry.end());
        json.writeObjectFieldStart(entry.name());
        json.writeStringField("dtype", entry.type().name());
        json.writeFieldName("shape");
        json.writeArray(entry.shape(), 0, entry.shape().length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {begin, end}, 0, 2);
        json.writeEndObject();
        begin = end;
      }
      json.writeEndObject();
    }
    bytes.write(" ".repeat(-bytes.size() & 7).getBytes(StandardCharsets.US_ASCII));
    return bytes.toByteArray();
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
