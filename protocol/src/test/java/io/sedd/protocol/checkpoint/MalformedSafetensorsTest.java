package io.sedd.protocol.checkpoint;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MalformedSafetensorsTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("model.safetensors");
  }

  private void refused(String complaint) {
    String message =
        assertThrows(SafetensorsException.class, () -> Safetensors.open(file).close()).getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    assertTrue(message.contains(complaint), message);
  }

  private void refused(String header, int dataBytes, String complaint) throws IOException {
    SafetensorsBytes.of(header, dataBytes).writeTo(file);
    refused(complaint);
  }

  private void entryRefused(String entry, int dataBytes, String complaint) throws IOException {
    refused("{\"w\": " + entry + "}", dataBytes, complaint);
  }

  @Test
  void fewerThanEightBytesAreNoFile() throws IOException {
    Files.write(file, new byte[7]);
    refused("has 7 bytes, a safetensors file at least 8");
  }

  @Test
  void anEmptyFileIsNoFile() throws IOException {
    Files.write(file, new byte[0]);
    refused("has 0 bytes");
  }

  @Test
  void aHeaderLengthOverTheCapIsRefused() throws IOException {
    Files.write(file, SafetensorsBytes.littleEndian(16).putLong(100_000_001).array());
    refused("a header of 100000001 bytes, the most is 100,000,000");
  }

  @Test
  void aHeaderLengthBeyondSixtyThreeBitsIsRefused() throws IOException {
    Files.write(file, SafetensorsBytes.littleEndian(16).putLong(-1).array());
    refused("a header of 18446744073709551615 bytes");
  }

  @Test
  void aHeaderLongerThanTheFileIsRefused() throws IOException {
    Files.write(file, SafetensorsBytes.littleEndian(16).putLong(9).array());
    refused("a header of 9 bytes is announced, but only 8 follow");
  }

  @Test
  void anEmptyHeaderIsRefused() throws IOException {
    refused("", 0, "not a JSON object");
  }

  @Test
  void aHeaderThatIsAnArrayIsRefused() throws IOException {
    refused("[]", 0, "not a JSON object");
  }

  @Test
  void aHeaderThatBeginsWithSpaceIsRefused() throws IOException {
    refused(" {}", 0, "does not begin with '{'");
  }

  @Test
  void aHeaderWhoseJsonBreaksOffIsRefused() throws IOException {
    refused("{\"w\": {\"dtype\": \"F32\"", 0, "not valid JSON");
  }

  @Test
  void aHeaderThatGoesOnAfterItsObjectIsRefused() throws IOException {
    refused("{} {}", 0, "goes on after its JSON object");
  }

  @Test
  void aHeaderPaddedWithZerosIsRefused() throws IOException {
    refused("{}\0\0", 0, "not valid JSON");
  }

  @Test
  void aHeaderThatIsNotUtf8IsRefused() throws IOException {
    byte[] bytes = SafetensorsBytes.of("{\"?\": {}}", 0).bytes();
    bytes[10] = (byte) 0xff;
    Files.write(file, bytes);
    refused("not valid JSON in UTF-8");
  }

  @Test
  void aTensorThatIsNoObjectIsRefused() throws IOException {
    entryRefused("7", 0, "'w' is not an object");
  }

  @Test
  void metadataThatIsNoStringIsRefused() throws IOException {
    refused("{\"__metadata__\": {\"step\": 7}}", 0, "'__metadata__.step' is not a string");
  }

  @Test
  void twoTensorsOfOneNameAreRefused() throws IOException {
    String entry = "{\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}";
    refused("{\"w\": " + entry + ", \"w\": " + entry + "}", 4, "Duplicate field 'w'");
  }

  @Test
  void aTypeGivenTwiceIsRefused() throws IOException {
    entryRefused(
        "{\"dtype\": \"F32\", \"dtype\": \"I64\", \"shape\": [1], \"data_offsets\": [0, 4]}",
        4,
        "Duplicate field 'dtype'");
  }

  @Test
  void anUnknownTypeIsNamedWithTheKnownOnes() throws IOException {
    entryRefused(
        "{\"dtype\": \"F8_E5M2\", \"shape\": [4], \"data_offsets\": [0, 4]}",
        4,
        "tensor 'w' has dtype 'F8_E5M2'; this reader knows [F64, I64, F32, F16, BF16]");
  }

  @Test
  void aMissingShapeIsRefused() throws IOException {
    entryRefused("{\"dtype\": \"F32\", \"data_offsets\": [0, 4]}", 4, "needs dtype, shape");
  }

  @Test
  void anUnknownKeyOfATensorIsRefused() throws IOException {
    entryRefused(
        "{\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4], \"strides\": [1]}",
        4,
        "has the key 'strides'");
  }

  @Test
  void aNegativeDimensionIsRefused() throws IOException {
    entryRefused(
        "{\"dtype\": \"F32\", \"shape\": [-1], \"data_offsets\": [0, 4]}",
        4,
        "has -1 in its shape");
  }

  @Test
  void aDimensionThatIsNoWholeNumberIsRefused() throws IOException {
    entryRefused(
        "{\"dtype\": \"F32\", \"shape\": [1.0], \"data_offsets\": [0, 4]}",
        4,
        "not a whole number");
  }

  @Test
  void aDimensionBeyondSixtyFourBitsIsRefused() throws IOException {
    entryRefused(
        "{\"dtype\": \"F32\", \"shape\": [9223372036854775808], \"data_offsets\": [0, 4]}",
        4,
        "beyond 64 bits");
  }

  @Test
  void aShapeWhoseProductOverflowsIsRefused() throws IOException {
    // 2^32 x 2^32 x 4 bytes is 0 in 64 bits
    entryRefused(
        "{\"dtype\": \"F32\", \"shape\": [4294967296, 4294967296], \"data_offsets\": [0, 0]}",
        0,
        "more bytes than 63 bits count");
  }

  @Test
  void moreThanSixtyFourDimensionsAreRefused() throws IOException {
    entryRefused(
        "{\"dtype\": \"F32\", \"shape\": [1" + ",1".repeat(64) + "], \"data_offsets\": [0, 4]}",
        4,
        "more than 64 numbers in its shape");
  }

  @Test
  void reversedOffsetsAreRefused() throws IOException {
    entryRefused(
        "{\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4, 0]}",
        4,
        "begins at 4, ends at 0");
  }

  @Test
  void threeOffsetsAreRefused() throws IOException {
    entryRefused(
        "{\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4, 8]}",
        8,
        "more than 2 numbers in its data_offsets");
  }

  @Test
  void oneOffsetIsRefused() throws IOException {
    entryRefused(
        "{\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4]}",
        4,
        "data_offsets (two numbers)");
  }

  @Test
  void offsetsThatDoNotFitTheShapeAreRefused() throws IOException {
    entryRefused(
        "{\"dtype\": \"F32\", \"shape\": [2, 3], \"data_offsets\": [0, 20]}",
        20,
        "is F32[2, 3], 24 bytes, but its data_offsets [0, 20] hold 20");
  }

  @Test
  void aTensorBeyondTheEndOfTheFileIsRefused() throws IOException {
    entryRefused(
        "{\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}",
        7,
        "tensor 'w' ends at byte 8 of the data, but the file holds only 7");
  }

  @Test
  void overlappingTensorsAreRefused() throws IOException {
    refused(
        """
        {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
         "b": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]}}""",
        12,
        "tensor 'b' begins at byte 4 of the data, but the tensors before it end at 8: they overlap");
  }

  @Test
  void twoTensorsAtOnePlaceAreRefused() throws IOException {
    refused(
        """
        {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
         "b": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]}}""",
        8,
        "they overlap");
  }

  @Test
  void aGapBetweenTensorsIsRefused() throws IOException {
    refused(
        """
        {"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
         "b": {"dtype": "F32", "shape": [1], "data_offsets": [8, 12]}}""",
        12,
        "tensor 'b' begins at byte 8 of the data, but the tensors before it end at 4: a gap");
  }

  @Test
  void aGapBeforeTheFirstTensorIsRefused() throws IOException {
    entryRefused(
        "{\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4, 8]}", 8, "end at 0: a gap");
  }

  @Test
  void bytesAfterTheLastTensorAreRefused() throws IOException {
    entryRefused(
        "{\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}",
        6,
        "2 bytes follow the last tensor: the tensors end at byte 4 of 6");
  }

  @Test
  void everyTruncationOfAGoodFileIsRefused() throws IOException {
    byte[] whole =
        SafetensorsBytes.of(
                "{\"w\": {\"dtype\": \"F32\", \"shape\": [3], \"data_offsets\": [0, 12]}}", 12)
            .bytes();
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      refused("");
    }
  }
}
