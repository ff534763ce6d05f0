package io.sedd.protocol.torch;

import io.sedd.protocol.checkpoint.ElementConversion;
import io.sedd.protocol.checkpoint.TensorType;
import io.sedd.protocol.torch.TorchValue.Storage;
import io.sedd.protocol.torch.TorchValue.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A file of {@code torch.save} (PyTorch 1.6 and newer): a zip archive of one pickle and a stored,
 * uncompressed entry for every storage. The pickle is read by {@link PickleReader}, which runs
 * nothing.
 */
public final class TorchFile implements AutoCloseable {

  /** Pickles of state dictionaries have some hundred kilobytes. */
  private static final int LARGEST_PICKLE = 64 << 20;

  private static final String PICKLE = "/data.pkl";
  private static final int CHUNK = 1 << 20;

  private final Path file;
  private final ZipFile archive;
  private final String prefix;
  private final TorchValue root;

  private TorchFile(Path file, ZipFile archive) throws IOException {
    this.file = file;
    this.archive = archive;
    List<String> pickles =
        archive.stream().map(ZipEntry::getName).filter(name -> name.endsWith(PICKLE)).toList();
    if (pickles.size() != 1) {
      throw wrong("has " + pickles.size() + " entries data.pkl, a file of torch.save has one");
    }
    this.prefix = pickles.getFirst().substring(0, pickles.getFirst().length() - PICKLE.length());
    requireLittleEndian();
    ZipEntry entry = stored(pickles.getFirst());
    if (entry.getSize() > LARGEST_PICKLE) {
      throw wrong(
          "its pickle has %,d bytes, read are %,d".formatted(entry.getSize(), LARGEST_PICKLE));
    }
    try (InputStream in = archive.getInputStream(entry)) {
      this.root = PickleReader.read(in.readAllBytes());
    } catch (TorchFileException e) {
      throw new TorchFileException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Opens a file and reads all but the numbers of its tensors.
   *
   * @throws TorchFileException if it breaks the format or holds anything but data
   * @throws IOException if it cannot be read at all
   */
  public static TorchFile open(Path file) throws IOException {
    ZipFile archive;
    try {
      archive = new ZipFile(file.toFile());
    } catch (ZipException e) {
      throw new TorchFileException(
          file
              + ": is no zip archive ("
              + e.getMessage()
              + "); files of PyTorch before 1.6 are to be loaded and saved again with a newer one",
          e);
    }
    try {
      return new TorchFile(file, archive);
    } catch (IOException | RuntimeException | Error e) {
      archive.close();
      throw e;
    }
  }

  private void requireLittleEndian() throws IOException {
    ZipEntry entry = archive.getEntry(prefix + "/byteorder");
    if (entry != null) {
      try (InputStream in = archive.getInputStream(entry)) {
        String order = new String(in.readNBytes(16), StandardCharsets.UTF_8);
        if (!order.equals("little")) {
          throw wrong("its numbers are in the byte order '" + order + "', read is little");
        }
      }
    }
  }

  /** The file that was opened. */
  public Path file() {
    return file;
  }

  /** What was saved. */
  public TorchValue root() {
    return root;
  }

  /**
   * Copies a floating-point tensor to fp32 numbers of this platform's byte order, row-major.
   *
   * @param target of exactly 4 bytes an element
   * @throws TorchFileException if the tensor's storage is absent, of another size, or of integers
   */
  public void copyFloats(Tensor tensor, MemorySegment target) throws IOException {
    if (target.byteSize() != 4 * tensor.elements()) {
      throw new IllegalArgumentException(
          "a tensor of %,d elements does not fill %,d bytes"
              .formatted(tensor.elements(), target.byteSize()));
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers = arena.allocate(4 * Math.max(1, tensor.storage().elements()), 64);
      readStorage(tensor.storage(), numbers.asSlice(0, 4 * tensor.storage().elements()));
      gather(tensor, 0, tensor.offset(), numbers, target, 0);
    }
  }

  /** Copies one dimension after the other; returns the elements written so far. */
  private static long gather(
      Tensor tensor,
      int dimension,
      long from,
      MemorySegment numbers,
      MemorySegment target,
      long written) {
    if (dimension == tensor.shape().size()) {
      float value = numbers.getAtIndex(ValueLayout.JAVA_FLOAT, from);
      target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * written, value);
      return written + 1;
    }
    long size = tensor.shape().get(dimension);
    long stride = tensor.strides().get(dimension);
    if (dimension == tensor.shape().size() - 1 && stride == 1) {
      MemorySegment.copy(numbers, 4 * from, target, 4 * written, 4 * size);
      return written + size;
    }
    long next = written;
    for (long i = 0; i < size; i++) {
      next = gather(tensor, dimension + 1, from + i * stride, numbers, target, next);
    }
    return next;
  }

  private void readStorage(Storage storage, MemorySegment numbers) throws IOException {
    TensorType type =
        switch (storage.type()) {
          case "Float" -> TensorType.F32;
          case "Half" -> TensorType.F16;
          case "BFloat16" -> TensorType.BF16;
          case String other ->
              throw wrong("a tensor of " + other + " numbers stands where weights are expected");
        };
    ZipEntry entry = stored(prefix + "/data/" + storage.key());
    long bytes = Math.multiplyExact(storage.elements(), type.bytes());
    if (entry.getSize() != bytes) {
      throw wrong(
          "%s has %,d bytes, its pickle says %,d"
              .formatted(entry.getName(), entry.getSize(), bytes));
    }
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = archive.getInputStream(entry)) {
      long elements = 0;
      while (elements < storage.elements()) {
        int read = in.readNBytes(chunk, 0, (int) Math.min(CHUNK, bytes - elements * type.bytes()));
        if (read == 0 || read % type.bytes() != 0) {
          throw wrong(entry.getName() + " ends early; copy it again");
        }
        long count = read / type.bytes();
        ElementConversion.toFp32(
            type,
            MemorySegment.ofArray(chunk).asSlice(0, read),
            numbers.asSlice(4 * elements, 4 * count));
        elements += count;
      }
    }
  }

  /** Entries are stored as they are: a compressed one could be of any size. */
  private ZipEntry stored(String name) {
    ZipEntry entry = archive.getEntry(name);
    if (entry == null) {
      throw wrong("has no entry " + name);
    }
    if (entry.getMethod() != ZipEntry.STORED) {
      throw wrong(name + " is compressed, which torch.save does not do");
    }
    return entry;
  }

  private TorchFileException wrong(String what) {
    return new TorchFileException(file + ": " + what);
  }

  @Override
  public void close() throws IOException {
    archive.close();
  }
}
