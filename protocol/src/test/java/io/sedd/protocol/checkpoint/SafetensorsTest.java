package io.sedd.protocol.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("model.safetensors");
  }

  private Safetensors open(String header, ByteBuffer data) throws IOException {
    return Safetensors.open(new SafetensorsBytes(header, data).writeTo(file));
  }

  @Test
  void everyTypeIsReadAtAnyAlignment() throws IOException {
    String header =
        """
        {"__metadata__": {"format": "pt"},
         "half": {"dtype": "F16", "shape": [3], "data_offsets": [0, 6]},
         "single": {"dtype": "F32", "shape": [2, 1], "data_offsets": [6, 14]},
         "double": {"dtype": "F64", "shape": [1], "data_offsets": [14, 22]},
         "long": {"dtype": "I64", "shape": [2], "data_offsets": [22, 38]},
         "brain": {"dtype": "BF16", "shape": [2], "data_offsets": [38, 42]}}""";
    ByteBuffer data = SafetensorsBytes.littleEndian(42);
    // 1, the smallest subnormal 2^-24 and -infinity as halves
    data.putShort((short) 0x3c00).putShort((short) 1).putShort((short) 0xfc00);
    data.putFloat(0.1f).putFloat(-3f).putDouble(Math.PI).putLong(-7).putLong(Long.MAX_VALUE);
    data.putShort((short) 0x3fc0).putShort((short) 0xc2f7);
    try (Safetensors tensors = open(header, data)) {
      assertEquals(List.of("half", "single", "double", "long", "brain"), tensors.names());
      assertEquals(Map.of("format", "pt"), tensors.metadata());
      assertArrayEquals(
          new float[] {1, 0x1p-24f, Float.NEGATIVE_INFINITY}, tensors.readFloats("half"));
      assertArrayEquals(new float[] {0.1f, -3}, tensors.readFloats("single"));
      assertArrayEquals(new long[] {2, 1}, tensors.entry("single").shape());
      assertArrayEquals(new double[] {Math.PI}, tensors.readDoubles("double"));
      assertArrayEquals(new double[] {0.1f, -3}, tensors.readDoubles("single"));
      assertArrayEquals(new long[] {-7, Long.MAX_VALUE}, tensors.readLongs("long"));
      assertArrayEquals(new float[] {1.5f, -123.5f}, tensors.readFloats("brain"));
    }
  }

  @Test
  void scalarsAndEmptyTensorsAreTensors() throws IOException {
    String header =
        """
        {"empty": {"dtype": "F32", "shape": [3, 0, 5], "data_offsets": [4, 4]},
         "scalar": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]},
         "nothing": {"dtype": "I64", "shape": [0], "data_offsets": [0, 0]}}""";
    try (Safetensors tensors = open(header, SafetensorsBytes.littleEndian(4).putFloat(2.5f))) {
      assertArrayEquals(new float[] {2.5f}, tensors.readFloats("scalar"));
      assertEquals(1, tensors.entry("scalar").elements());
      assertArrayEquals(new float[0], tensors.readFloats("empty"));
      assertArrayEquals(new long[0], tensors.readLongs("nothing"));
    }
  }

  @Test
  void aFileWithoutTensorsIsRead() throws IOException {
    try (Safetensors tensors = open("{}", SafetensorsBytes.littleEndian(0))) {
      assertEquals(List.of(), tensors.names());
      assertEquals(Map.of(), tensors.metadata());
    }
  }

  @Test
  void aLargeTensorIsCopiedWithoutAnArray() throws IOException {
    String header = "{\"a\": {\"dtype\": \"BF16\", \"shape\": [2], \"data_offsets\": [0, 4]}}";
    ByteBuffer data =
        SafetensorsBytes.littleEndian(4).putShort((short) 0x3f80).putShort((short) 0x4000);
    try (Safetensors tensors = open(header, data);
        Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(8, 4);
      tensors.copyFloats("a", target);
      assertArrayEquals(new float[] {1, 2}, target.toArray(ValueLayout.JAVA_FLOAT));
      assertEquals(4, tensors.data("a").byteSize());
      assertTrue(tensors.data("a").isReadOnly());
      assertThrows(
          IllegalArgumentException.class, () -> tensors.copyFloats("a", target.asSlice(0, 4)));
    }
  }

  @Test
  void aDoubleIsNotRoundedInSilence() throws IOException {
    String header = "{\"a\": {\"dtype\": \"F64\", \"shape\": [1], \"data_offsets\": [0, 8]}}";
    try (Safetensors tensors = open(header, SafetensorsBytes.littleEndian(8))) {
      Throwable refused = assertThrows(SafetensorsException.class, () -> tensors.readFloats("a"));
      assertTrue(refused.getMessage().contains("readDoubles"), refused.getMessage());
      assertThrows(SafetensorsException.class, () -> tensors.readLongs("a"));
    }
  }

  @Test
  void anAbsentTensorAndAWrongShapeAreNamed() throws IOException {
    String header = "{\"a\": {\"dtype\": \"F32\", \"shape\": [2, 1], \"data_offsets\": [0, 8]}}";
    try (Safetensors tensors = open(header, SafetensorsBytes.littleEndian(8))) {
      Throwable absent = assertThrows(SafetensorsException.class, () -> tensors.entry("b"));
      assertTrue(absent.getMessage().contains(file + ": has no tensor 'b'"), absent.getMessage());
      assertEquals(2, tensors.entry("a", 2, 1).elements());
      Throwable shape = assertThrows(SafetensorsException.class, () -> tensors.entry("a", 1, 2));
      assertTrue(shape.getMessage().contains("[2, 1] where [1, 2]"), shape.getMessage());
    }
  }

  @Test
  void aFileThatIsTruncatedAfterOpeningIsRefusedAndNotReadBeyondItsEnd() throws IOException {
    String header =
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [4096], \"data_offsets\": [0, 16384]}}";
    try (Safetensors tensors = open(header, SafetensorsBytes.littleEndian(16384))) {
      try (RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
        shorter.setLength(100);
      }
      Throwable refused = assertThrows(SafetensorsException.class, () -> tensors.readFloats("a"));
      assertTrue(refused.getMessage().contains("was truncated"), refused.getMessage());
    }
  }

  @Test
  void nothingIsReadAfterClosing() throws IOException {
    Safetensors tensors =
        open(
            "{\"a\": {\"dtype\": \"I64\", \"shape\": [], \"data_offsets\": [0, 8]}}",
            SafetensorsBytes.littleEndian(8));
    tensors.close();
    tensors.close();
    assertThrows(IllegalStateException.class, () -> tensors.readLongs("a"));
  }

  @Test
  void aMissingFileIsAnInputError() {
    assertThrows(NoSuchFileException.class, () -> Safetensors.open(file));
  }
}
