package io.sedd.worker.intake;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the metadata string of an offset commit says about the records above the watermark.
 *
 * <p>Form: {@code 1:} and, in Base64, four bitmaps (16-bit length in bytes, then the bytes): the
 * finished records, and the three binary digits of each record's number of unfinished starts.
 *
 * @param finished distances from the watermark of the finished records
 * @param starts number of unfinished starts, 1 to 7, by distance from the watermark
 */
record OffsetMetadata(BitSet finished, Map<Integer, Integer> starts) {

  private static final String VERSION = "1:";
  private static final int DIGITS = 3;

  String encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      write(out, finished);
      for (int digit = 0; digit < DIGITS; digit++) {
        BitSet plane = new BitSet();
        for (Map.Entry<Integer, Integer> start : starts.entrySet()) {
          plane.set(start.getKey(), (start.getValue() >> digit & 1) == 1);
        }
        write(out, plane);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return VERSION + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /**
   * Reads it back; the empty string, which a commit without metadata has, knows of nothing.
   *
   * @throws IllegalStateException if something else committed offsets for this group
   */
  static OffsetMetadata decode(String metadata) {
    TreeMap<Integer, Integer> starts = new TreeMap<>();
    if (metadata.isEmpty()) {
      return new OffsetMetadata(new BitSet(), starts);
    }
    if (!metadata.startsWith(VERSION)) {
      throw foreign(metadata, null);
    }
    try (DataInputStream in =
        new DataInputStream(
            new ByteArrayInputStream(
                Base64.getDecoder().decode(metadata.substring(VERSION.length()))))) {
      BitSet finished = read(in);
      for (int digit = 0; digit < DIGITS; digit++) {
        int value = 1 << digit;
        read(in).stream().forEach(distance -> starts.merge(distance, value, Integer::sum));
      }
      return new OffsetMetadata(finished, starts);
    } catch (IOException | IllegalArgumentException e) {
      throw foreign(metadata, e);
    }
  }

  private static IllegalStateException foreign(String metadata, Exception cause) {
    return new IllegalStateException(
        "the consumer group has offsets committed by something other than this worker (metadata '"
            + metadata.substring(0, Math.min(20, metadata.length()))
            + "'); give the worker a group of its own or reset the group's offsets",
        cause);
  }

  private static void write(DataOutputStream out, BitSet bits) throws IOException {
    byte[] bytes = bits.toByteArray();
    out.writeShort(bytes.length);
    out.write(bytes);
  }

  private static BitSet read(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readUnsignedShort()];
    in.readFully(bytes);
    return BitSet.valueOf(bytes);
  }
}
