package io.sedd.worker.publishing;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What of a record fits into its dead letter. Key and headers are its sender's and as large as he
 * likes, and the key is there twice: whatever does not fit is left out, since a dead letter that
 * the broker refuses would fail its transaction for ever.
 *
 * @param key the record's, or null
 * @param headers the record's, or none
 * @param value the record's, or null
 * @param leftOut what is missing, as the end of a sentence; empty if nothing is
 */
@SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
record CarriedContent(byte[] key, Header[] headers, byte[] value, String leftOut) {

  /**
   * The value before the key, the key before the headers.
   *
   * @param room bytes for all of it
   */
  static CarriedContent of(ConsumerRecord<byte[], byte[]> original, long room) {
    List<String> leftOut = new ArrayList<>();
    long left = room;
    byte[] value = original.value();
    left -= taken(value == null ? 0 : value.length, left, "its value", leftOut);
    boolean keepsValue = leftOut.isEmpty();
    long keyBytes = original.key() == null ? 0 : 2L * original.key().length;
    left -= taken(keyBytes, left, "its key", leftOut);
    boolean keepsKey = leftOut.size() == (keepsValue ? 0 : 1);
    int before = leftOut.size();
    Header[] headers = original.headers().toArray();
    var _ = taken(sizeOf(headers), left, "its headers", leftOut);
    return new CarriedContent(
        keepsKey ? original.key() : null,
        leftOut.size() == before ? headers : new Header[0],
        keepsValue ? value : null,
        leftOut.isEmpty()
            ? ""
            : "; too large for this topic and left out: " + String.join(", ", leftOut));
  }

  /** The bytes if they fit; none, and a note, if they do not. */
  private static long taken(long bytes, long room, String what, List<String> leftOut) {
    if (bytes <= room) {
      return bytes;
    }
    leftOut.add(what + " of " + bytes + " bytes");
    return 0;
  }

  private static long sizeOf(Header[] headers) {
    long size = 0;
    for (Header header : headers) {
      // a name of three bytes a character at most, and the framing of both
      size += 3L * header.key().length() + 10;
      size += header.value() == null ? 0 : header.value().length;
    }
    return size;
  }
}
