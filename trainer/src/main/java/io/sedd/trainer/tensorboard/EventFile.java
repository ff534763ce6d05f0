package io.sedd.trainer.tensorboard;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.zip.CRC32C;

/**
 * An event file: TFRecords (length, its checksum, data, its checksum; all little-endian) of {@link
 * Event} messages. Every event is written at once, so that a killed run leaves whole records.
 */
public final class EventFile implements AutoCloseable {

  /** TensorFlow rotates and shifts its CRC-32C, since checksums of checksums are weak. */
  private static final int MASK = 0xa282ead8;

  private final FileChannel channel;
  private final InstantSource clock;

  /**
   * A new file in a folder, named by time and process as TensorBoard expects it.
   *
   * @param step the step after which the run goes on: what older files have beyond it is void
   */
  public EventFile(Path folder, int step, InstantSource clock) throws IOException {
    this.clock = clock;
    Files.createDirectories(folder);
    Instant now = clock.instant();
    String name =
        "events.out.tfevents.%010d.%d.%d"
            .formatted(now.getEpochSecond(), ProcessHandle.current().pid(), now.getNano());
    this.channel =
        FileChannel.open(
            folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      append(Event.version(now()));
      append(Event.start(now(), step));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** One number of a curve. */
  public void scalar(String tag, int step, double value) throws IOException {
    append(Event.scalar(now(), step, tag, (float) value));
  }

  /** A text, such as a sample. */
  public void text(String tag, int step, String text) throws IOException {
    append(Event.text(now(), step, tag, text));
  }

  private double now() {
    return clock.instant().toEpochMilli() / 1e3;
  }

  private void append(byte[] event) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(16 + event.length).order(LITTLE_ENDIAN);
    record.putLong(event.length);
    record.putInt(checksum(record.array(), 0, Long.BYTES));
    record.put(event);
    record.putInt(checksum(event, 0, event.length));
    record.flip();
    while (record.hasRemaining()) {
      channel.write(record);
    }
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
