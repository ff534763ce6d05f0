package io.sedd.worker.hostile;

import io.sedd.protocol.checkpoint.Safetensors;
import io.sedd.protocol.checkpoint.SafetensorsException;
import io.sedd.protocol.checkpoint.SafetensorsWriter;
import io.sedd.protocol.checkpoint.TensorEntry;
import io.sedd.protocol.checkpoint.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Safetensors files: refused with the dedicated exception, or every tensor lies within the file and
 * is found again, bit for bit, in a file that is written from it.
 */
final class WeightFiles implements HostileInput {

  private final FileInput file = FileInput.named("model.safetensors");

  WeightFiles() throws IOException {}

  @Override
  public String name() {
    return "safetensors";
  }

  @Override
  public List<byte[]> seeds() {
    float[] singles = new float[24];
    for (int i = 0; i < singles.length; i++) {
      singles[i] = 1 + i / 10f;
    }
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.addMetadata("format", "pt");
    writer.addFloats("singles", singles, 2, 3, 4);
    writer.addFloats("brains", TensorType.BF16, target -> target.fill((byte) 1), 5);
    writer.addFloats("scalar", new float[] {1});
    writer.addFloats("empty", new float[0], 0, 7);
    writer.addLongs("longs", new long[] {1, 2, 3}, 3);
    try {
      Path good = file.fresh("good");
      writer.writeTo(good);
      return List.of(Files.readAllBytes(good));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public byte[] mutate(byte[] base, byte[] other, RandomGenerator random) {
    return Mutator.lengthPrefixed(base, other, random);
  }

  /** An entry of 64 dimensions takes 512 bytes for 128 of text; the writer has fixed buffers. */
  @Override
  public long allocationBound(int inputBytes) {
    return (1 << 18) + 128L * inputBytes;
  }

  @Override
  public Verdict read(byte[] bytes) throws IOException {
    return file.read(bytes, path -> read(path, bytes.length));
  }

  private Verdict read(Path path, int fileBytes) throws IOException {
    try (Safetensors tensors = Safetensors.open(path)) {
      Path copy = file.fresh("copy");
      boolean whole = rewrite(tensors, copy, fileBytes);
      try (Safetensors again = Safetensors.open(copy)) {
        compare(tensors, again, whole);
      }
      return Verdict.ACCEPTED;
    } catch (SafetensorsException _) {
      return Verdict.REFUSED;
    }
  }

  /** Whether all of them could be written: F16 and F64 are only read. */
  private static boolean rewrite(Safetensors tensors, Path copy, int fileBytes) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    tensors.metadata().forEach(writer::addMetadata);
    boolean whole = true;
    for (String name : tensors.names()) {
      TensorEntry entry = tensors.entry(name);
      if (entry.begin() < 0 || entry.end() > fileBytes) {
        throw new AssertionError(entry + " lies outside of a file of " + fileBytes);
      }
      switch (entry.type()) {
        case I64 -> writer.addLongs(name, tensors.readLongs(name), entry.shape());
        case F32, BF16 ->
            writer.addFloats(
                name, entry.type(), target -> tensors.copyFloats(name, target), entry.shape());
        case F16, F64 -> {
          var _ = tensors.readDoubles(name);
          whole = false;
        }
      }
    }
    writer.writeTo(copy);
    return whole;
  }

  private static void compare(Safetensors first, Safetensors second, boolean whole) {
    if (whole && second.names().size() != first.names().size()) {
      throw new AssertionError("of " + first.names() + " are left " + second.names());
    }
    for (String name : second.names()) {
      TensorEntry entry = first.entry(name);
      boolean sameShape = Arrays.equals(entry.shape(), second.entry(name).shape());
      // a bf16 that is no number may come back with other payload bits
      boolean sameBytes =
          entry.type() == TensorType.BF16
              ? Arrays.equals(first.readFloats(name), second.readFloats(name))
              : MemorySegment.mismatch(
                      first.data(name),
                      0,
                      size(first, name),
                      second.data(name),
                      0,
                      size(second, name))
                  < 0;
      if (!sameShape || !sameBytes) {
        throw new AssertionError(entry + " came back as " + second.entry(name));
      }
    }
  }

  private static long size(Safetensors tensors, String name) {
    return tensors.data(name).byteSize();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
