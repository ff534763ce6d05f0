package io.sedd.protocol.torch;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** The bytes of a pickle, read from front to back; every length is held against what is left. */
final class PickleBytes {

  private final ByteBuffer bytes;

  PickleBytes(byte[] pickle) {
    this.bytes = ByteBuffer.wrap(pickle).order(LITTLE_ENDIAN);
  }

  int position() {
    return bytes.position();
  }

  int unsignedByte() {
    need(1);
    return bytes.get() & 0xff;
  }

  int unsignedShort() {
    need(2);
    return bytes.getShort() & 0xffff;
  }

  int signedInt() {
    need(4);
    return bytes.getInt();
  }

  long unsignedInt() {
    return signedInt() & 0xffff_ffffL;
  }

  long signedLong() {
    need(8);
    return bytes.getLong();
  }

  /** Pickle has its floating-point numbers in big-endian order, and nothing else. */
  double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(signedLong()));
  }

  /** An integer of {@code length} bytes, two's complement. */
  long integer(int length) {
    if (length > Long.BYTES) {
      throw new TorchFileException("an integer of " + length + " bytes, 8 are the most read here");
    }
    need(length);
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (bytes.get() & 0xffL) << (8 * i);
    }
    int unused = 64 - 8 * length;
    return length == 0 ? 0 : value << unused >> unused;
  }

  String text(long length) {
    need(length);
    ByteBuffer part = bytes.slice(bytes.position(), (int) length);
    bytes.position(bytes.position() + (int) length);
    try {
      return UTF_8.newDecoder().decode(part).toString();
    } catch (CharacterCodingException e) {
      throw new TorchFileException("a string at byte " + position() + " is not UTF-8", e);
    }
  }

  /** Up to the end of the line, which is read and left out. */
  String line() {
    int begin = bytes.position();
    int end = begin;
    while (end < bytes.limit() && bytes.get(end) != '\n') {
      end++;
    }
    String line = text(end - begin);
    unsignedByte();
    return line;
  }

  private void need(long count) {
    if (count < 0 || count > bytes.remaining()) {
      throw new TorchFileException(
          "%,d bytes are announced at byte %,d, but %,d follow: it is truncated or damaged"
              .formatted(count, bytes.position(), bytes.remaining()));
    }
  }
}
