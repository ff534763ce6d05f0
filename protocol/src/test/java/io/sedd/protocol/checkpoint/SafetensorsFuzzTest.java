package io.sedd.protocol.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files under a fixed seed: each is refused with the dedicated exception, or is a valid
 * file whose every tensor lies within it. Any other throwable fails the test.
 */
class SafetensorsFuzzTest {

  private static final long SEED = 20_240_607;
  private static final int DAMAGED_FILES = 4000;

  /** The file has 500 bytes; a parser's buffers are some 20 KB. */
  private static final long MOST_ALLOCATED = 1 << 20;

  @TempDir Path folder;

  @Test
  void aDamagedFileIsRefusedOrReadWithinItsBounds() throws IOException {
    byte[] good = goodFile();
    Random random = new Random(SEED);
    int refused = 0;
    Path file = folder.resolve("damaged");
    for (int i = 0; i < DAMAGED_FILES; i++) {
      byte[] bytes = damage(good, random);
      Files.write(file, bytes);
      long before = allocated();
      try (Safetensors tensors = Safetensors.open(file)) {
        readAll(tensors, bytes.length);
      } catch (SafetensorsException _) {
        refused++;
      }
      assertTrue(allocated() - before < MOST_ALLOCATED, "file " + i + " made us allocate");
    }
    // most of the damage hits the header; a changed letter of a name is still a file
    assertTrue(refused > DAMAGED_FILES / 2 && refused < DAMAGED_FILES, refused + " refused");
  }

  @Test
  void aBitFlippedInTheDataChangesThatElementAndNothingElse() throws IOException {
    byte[] good = goodFile();
    Path file = folder.resolve("damaged");
    float[] expected;
    try (Safetensors tensors = Safetensors.open(Files.write(file, good))) {
      expected = tensors.readFloats("singles");
    }
    // the 24 fp32 numbers follow the 3 longs
    int start = good.length - dataBytes() + 24;
    for (int bit = 0; bit < 24 * 32; bit++) {
      byte[] bytes = good.clone();
      bytes[start + bit / 8] ^= (byte) (1 << bit % 8);
      try (Safetensors tensors = Safetensors.open(Files.write(file, bytes))) {
        float[] actual = tensors.readFloats("singles");
        for (int i = 0; i < actual.length; i++) {
          int flipped = i == bit / 32 ? 1 << bit % 32 : 0;
          assertEquals(
              Float.floatToRawIntBits(expected[i]) ^ flipped, Float.floatToRawIntBits(actual[i]));
        }
      }
    }
  }

  private static int dataBytes() {
    return 3 * 8 + 24 * 4 + 5 * 2;
  }

  private byte[] goodFile() throws IOException {
    Path file = folder.resolve("good");
    Files.deleteIfExists(file);
    float[] singles = new float[24];
    for (int i = 0; i < singles.length; i++) {
      singles[i] = 1 + i / 10f;
    }
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.addMetadata("format", "pt");
    writer.addFloats("singles", singles, 2, 3, 4);
    writer.addFloats("brains", TensorType.BF16, target -> target.fill((byte) 1), 5);
    writer.addLongs("longs", new long[] {1, 2, 3}, 3);
    writer.writeTo(file);
    return Files.readAllBytes(file);
  }

  /** One to four bytes changed, copied or set to an extreme; every fourth file also cut. */
  private static byte[] damage(byte[] good, Random random) {
    byte[] bytes = good.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      bytes[at] =
          switch (random.nextInt(4)) {
            case 0 -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
            case 1 -> (byte) random.nextInt(256);
            case 2 -> bytes[random.nextInt(bytes.length)];
            default -> (byte) "0919{}[],:\"-".charAt(random.nextInt(12));
          };
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private static void readAll(Safetensors tensors, long fileBytes) {
    for (String name : tensors.names()) {
      TensorEntry entry = tensors.entry(name);
      assertTrue(entry.begin() >= 0 && entry.end() <= fileBytes, entry.toString());
      int read =
          switch (entry.type()) {
            case I64 -> tensors.readLongs(name).length;
            case F64 -> tensors.readDoubles(name).length;
            case F32, F16, BF16 -> tensors.readFloats(name).length;
          };
      assertEquals(entry.elements(), read);
    }
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
