package io.sedd.trainer.training;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardLogTest {

  @TempDir Path folder;

  private List<byte[]> records() throws IOException {
    try (var files = Files.list(folder)) {
      Path file = files.toList().getFirst();
      assertTrue(file.getFileName().toString().startsWith("events.out.tfevents."), file::toString);
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      List<byte[]> records = new ArrayList<>();
      while (bytes.hasRemaining()) {
        byte[] length = new byte[8];
        bytes.get(length);
        assertEquals(checksum(length), bytes.getInt());
        byte[] data =
            new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
        bytes.get(data);
        assertEquals(checksum(data), bytes.getInt());
        records.add(data);
      }
      return records;
    }
  }

  /** Bit by bit from the definition (Castagnoli, reflected), then masked as TFRecords have it. */
  private static int checksum(byte[] data) {
    int crc = ~0;
    for (byte b : data) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82f63b78);
      }
    }
    crc = ~crc;
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }

  /** The fields of the numbers 8, 300 by hand: the varint of 300 is AC 02. */
  @Test
  void aCurveIsOneEventAPointWithItsStepTagAndValue() throws IOException {
    try (TensorBoardLog log = new TensorBoardLog(folder, 300, () -> Instant.ofEpochSecond(2))) {
      log.started(0);
      log.stepTaken(new StepReport(299, 8, 2, 1, 0.1, 64));
      log.stepTaken(new StepReport(300, 8, 2, 1, 0.1, 64));
    }
    List<byte[]> records = records();
    assertEquals(5, records.size());
    assertTrue(new String(records.get(0), ISO_8859_1).endsWith("\u001a\rbrain.Event:2"));
    ByteBuffer expected = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    expected.put((byte) 0x09).putDouble(2.0);
    expected.put(new byte[] {0x10, (byte) 0xac, 0x02});
    byte[] tag = "train/nats_per_token".getBytes(ISO_8859_1);
    int value = 2 + tag.length + 5;
    expected.put(new byte[] {0x2a, (byte) (value + 2), 0x0a, (byte) value});
    expected.put(new byte[] {0x0a, (byte) tag.length}).put(tag);
    expected.put((byte) 0x15).putFloat(2f);
    assertEquals(
        Arrays.toString(Arrays.copyOf(expected.array(), expected.position())),
        Arrays.toString(records.get(2)));
  }

  @Test
  void aResumedRunSaysFromWhichStepOnOlderFilesAreVoid() throws IOException {
    try (TensorBoardLog log = new TensorBoardLog(folder, 1, () -> Instant.EPOCH)) {
      log.started(7);
    }
    byte[] start = records().get(1);
    assertEquals("[16, 7, 58, 2, 8, 1]", Arrays.toString(Arrays.copyOfRange(start, 9, 15)));
  }

  @Test
  void textsAreLogged() throws IOException {
    try (TensorBoardLog log = new TensorBoardLog(folder, 1, () -> Instant.EPOCH)) {
      log.started(0);
      log.sampled(5, List.of("once upon", "a time"));
    }
    List<byte[]> records = records();
    assertEquals(4, records.size());
    assertTrue(new String(records.get(3), ISO_8859_1).contains("samples/1"));
    assertTrue(new String(records.get(3), ISO_8859_1).contains("a time"));
  }
}
