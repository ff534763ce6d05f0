package io.sedd.protocol.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Path file = folder.resolve("a.safetensors");
    // longer than one chunk of the writer, and not a multiple of it
    float[] many = new float[200_003];
    for (int i = 0; i < many.length; i++) {
      many[i] = i / 7f;
    }
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.addMetadata("format", "pt");
    writer.addFloats("many", many, 200_003);
    writer.addFloats("scalar", new float[] {Float.NaN});
    writer.addFloats("empty", new float[0], 0, 4);
    writer.addLongs("longs", new long[] {1, -1, Long.MIN_VALUE}, 3, 1);
    writer.writeTo(file);
    try (Safetensors tensors = Safetensors.open(file)) {
      assertEquals(Map.of("format", "pt"), tensors.metadata());
      assertArrayEquals(many, tensors.readFloats("many"));
      assertArrayEquals(new float[] {Float.NaN}, tensors.readFloats("scalar"));
      assertArrayEquals(new long[] {0, 4}, tensors.entry("empty").shape());
      assertArrayEquals(new long[] {1, -1, Long.MIN_VALUE}, tensors.readLongs("longs"));
    }
  }

  @Test
  void theBytesAreThoseOfTheOfficialLibrary() throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.addFloats("b", new float[] {1}, 1);
    writer.addFloats("a", new float[] {2, 3}, 2, 1);
    writer.addLongs("z", new long[] {4});
    writer.addMetadata("k", "v");
    Path file = folder.resolve("a.safetensors");
    writer.writeTo(file);
    String header =
        "{\"__metadata__\":{\"k\":\"v\"},"
            + "\"z\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[8,16]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[16,20]}}";
    String padded = header + " ".repeat(-header.length() & 7);
    ByteBuffer data =
        SafetensorsBytes.littleEndian(20).putLong(4).putFloat(2).putFloat(3).putFloat(1);
    assertArrayEquals(new SafetensorsBytes(padded, data).bytes(), Files.readAllBytes(file));
  }

  @Test
  void theOrderOfAnnouncementDoesNotChangeTheBytes() throws IOException {
    List<String> names = List.of("x", "y", "z");
    for (List<String> order : List.of(names, names.reversed())) {
      SafetensorsWriter writer = new SafetensorsWriter();
      order.forEach(name -> writer.addFloats(name, new float[] {name.charAt(0)}, 1));
      writer.writeTo(folder.resolve(order.getFirst()));
    }
    assertEquals(-1, Files.mismatch(folder.resolve("x"), folder.resolve("z")));
  }

  @Test
  void brainFloatsAreRoundedToTheNearestEven() throws IOException {
    float[] values = {
      1,
      Float.intBitsToFloat(0x3f808000), // halfway, lower is even
      Float.intBitsToFloat(0x3f818000), // halfway, upper is even
      Float.intBitsToFloat(0x3f808001), // just above halfway
      Float.intBitsToFloat(0xbf80ffff), // negative, rounds away from zero
      Float.MAX_VALUE, // beyond the largest
      Float.NEGATIVE_INFINITY,
      Float.intBitsToFloat(0x7f800001), // a NaN whose payload is in the lower half
      -0f
    };
    int[] expected = {0x3f80, 0x3f80, 0x3f82, 0x3f81, 0xbf81, 0x7f80, 0xff80, 0x7fc0, 0x8000};
    Path file = folder.resolve("a.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.addFloats(
        "a", TensorType.BF16, target -> target.copyFrom(MemorySegment.ofArray(values)), 9);
    writer.writeTo(file);
    try (Safetensors tensors = Safetensors.open(file)) {
      ByteBuffer bits = tensors.data("a").asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], Short.toUnsignedInt(bits.getShort(2 * i)), "element " + i);
      }
      assertTrue(Float.isNaN(tensors.readFloats("a")[7]));
    }
  }

  @Test
  void aFileThatAReaderMayHaveMappedIsNotOverwritten() throws IOException {
    Path file = Files.createFile(folder.resolve("a.safetensors"));
    assertThrows(FileAlreadyExistsException.class, () -> new SafetensorsWriter().writeTo(file));
    assertTrue(Files.exists(file));
  }

  @Test
  void aSourceThatFailsLeavesNoFile() {
    Path file = folder.resolve("a.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.addFloats(
        "a",
        TensorType.F32,
        _ -> {
          throw new IllegalStateException("the device is gone");
        },
        2);
    assertThrows(IllegalStateException.class, () -> writer.writeTo(file));
    assertFalse(Files.exists(file));
  }

  @Test
  void wrongCountsTakenNamesAndTypesThatAreNotWrittenAreRefused() {
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.addFloats("a", new float[2], 2);
    assertThrows(IllegalArgumentException.class, () -> writer.addFloats("b", new float[3], 2, 2));
    assertThrows(IllegalArgumentException.class, () -> writer.addLongs("a", new long[1], 1));
    assertThrows(
        IllegalArgumentException.class, () -> writer.addLongs("__metadata__", new long[1], 1));
    assertThrows(
        IllegalArgumentException.class, () -> writer.addFloats("c", TensorType.F16, _ -> {}, 1));
    assertThrows(
        IllegalArgumentException.class, () -> writer.addFloats("d", TensorType.F32, _ -> {}, -1));
  }
}
