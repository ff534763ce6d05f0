package io.sedd.protocol.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Hand-built safetensors files, well-formed or not. */
record SafetensorsBytes(String header, ByteBuffer data) {

  /** With so many bytes of data, numbered 0, 1, 2 ... */
  static SafetensorsBytes of(String header, int bytes) {
    byte[] data = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      data[i] = (byte) i;
    }
    return new SafetensorsBytes(header, ByteBuffer.wrap(data));
  }

  static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  byte[] bytes() {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return littleEndian(8 + json.length + data.capacity())
        .putLong(json.length)
        .put(json)
        .put(data.duplicate().clear())
        .array();
  }

  Path writeTo(Path file) throws IOException {
    return Files.write(file, bytes());
  }
}
