package io.sedd.worker.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Damages bytes, half of the time as bytes and half of the time as JSON tokens, so that the damage
 * also reaches what lies behind the parser.
 */
final class Mutator {

  /** Longest input that is made. */
  static final int MOST_BYTES = 1 << 16;

  private static final int MOST_CHANGES = 5;
  private static final int MOST_REPEATS = 200;

  private static final Pattern TOKEN =
      Pattern.compile(
          "\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"|[-+.0-9a-zA-Z]+|\\s+|.", Pattern.DOTALL);

  /** What readers have stumbled over: bounds of types, odd numbers, odd text, odd structure. */
  private static final String[] TOKENS = {
    "0",
    "-0",
    "-1",
    "1",
    "2147483647",
    "-2147483648",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "1e308",
    "1e309",
    "1e-400",
    "1e999999999",
    "1e-999999999",
    "1e99999999999",
    "1e-99999999999",
    "0.1",
    "1.0",
    "64.0",
    "1E+2",
    "1e2147483647",
    "NaN",
    "Infinity",
    "-Infinity",
    "null",
    "true",
    "false",
    "[]",
    "{}",
    "[[]]",
    "[{}]",
    "{\"\":{}}",
    "\"\"",
    "\" \"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00x\"",
    "\"\\uD83D\\uDE00\"",
    "\"\uFFFF\"",
    "\"a\\/b\"",
    "\"..\"",
    "\"../../x\"",
    "\"2026-13-41T99:99:99Z\"",
    "\"+999999999-12-31T23:59:59.999999999Z\"",
    "\"9999-12-31T23:59:59Z\"",
    ",",
    ":",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    "//",
    "/* */",
    "\uFEFF",
    "'a'",
    "0x10",
    "01",
    "1e",
    "-",
    "+1",
    "."
  };

  private Mutator() {}

  /** One to five changes of a JSON text. */
  static byte[] json(byte[] base, byte[] other, RandomGenerator random) {
    byte[] bytes = base;
    // mostly one or two: what is damaged often is refused for the first damage
    int changes = 1 + Math.min(random.nextInt(MOST_CHANGES), random.nextInt(MOST_CHANGES));
    for (; changes > 0; changes--) {
      bytes = random.nextBoolean() ? bytes(bytes, other, random) : tokens(bytes, other, random);
    }
    return bytes.length > MOST_BYTES ? Arrays.copyOf(bytes, MOST_BYTES) : bytes;
  }

  /** Changes of a JSON text whose length stands before it, and of what follows it. */
  static byte[] lengthPrefixed(byte[] base, byte[] other, RandomGenerator random) {
    if (base.length < Long.BYTES || random.nextInt(4) == 0) {
      return bytes(base, other, random);
    }
    long length = ByteBuffer.wrap(base).order(ByteOrder.LITTLE_ENDIAN).getLong();
    int header = (int) Math.clamp(length, 0, base.length - Long.BYTES);
    byte[] json = json(Arrays.copyOfRange(base, Long.BYTES, Long.BYTES + header), other, random);
    byte[] data = Arrays.copyOfRange(base, Long.BYTES + header, base.length);
    if (random.nextInt(4) == 0) {
      data = bytes(data, other, random);
    }
    ByteBuffer whole =
        ByteBuffer.allocate(Long.BYTES + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    return whole.putLong(json.length).put(json).put(data).array();
  }

  private static byte[] bytes(byte[] base, byte[] other, RandomGenerator random) {
    if (base.length == 0) {
      return new byte[] {(byte) random.nextInt(256)};
    }
    byte[] bytes = base.clone();
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(8)) {
      case 0 -> set(bytes, at, bytes[at] ^ 1 << random.nextInt(8));
      case 1 -> set(bytes, at, random.nextInt(256));
      case 2 -> set(bytes, at, "0919{}[],:\"-".charAt(random.nextInt(12)));
      case 3 -> Arrays.copyOf(bytes, at);
      case 4 -> joined(bytes, at, other, random.nextInt(other.length + 1));
      case 5 -> zeros(bytes, at, 1 + random.nextInt(8));
      case 6 -> joined(bytes, at, bytes, Math.min(bytes.length, at + 1 + random.nextInt(8)));
      default -> joined(bytes, at, bytes, Math.max(0, at - random.nextInt(8)));
    };
  }

  private static byte[] set(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
    return bytes;
  }

  private static byte[] zeros(byte[] bytes, int from, int count) {
    Arrays.fill(bytes, from, Math.min(bytes.length, from + count), (byte) 0);
    return bytes;
  }

  /** The beginning of one and the end of another. */
  private static byte[] joined(byte[] head, int to, byte[] tail, int from) {
    byte[] bytes = Arrays.copyOf(head, to + tail.length - from);
    System.arraycopy(tail, from, bytes, to, tail.length - from);
    return bytes;
  }

  private static byte[] tokens(byte[] base, byte[] other, RandomGenerator random) {
    // one character a byte: what is no UTF-8 survives
    List<String> tokens = split(base);
    if (tokens.isEmpty()) {
      tokens.add("{}");
    }
    int at = random.nextInt(tokens.size());
    int to = Math.min(tokens.size(), at + 1 + random.nextInt(12));
    switch (random.nextInt(7)) {
      case 0 -> tokens.set(at, odd(random));
      case 1 -> tokens.add(at, odd(random));
      case 2 -> tokens.subList(at, to).clear();
      case 3 -> tokens.addAll(at, List.copyOf(tokens.subList(at, to)));
      case 4 -> tokens.set(at, tokens.get(random.nextInt(tokens.size())));
      case 5 -> {
        List<String> foreign = split(other);
        if (!foreign.isEmpty()) {
          tokens.set(at, foreign.get(random.nextInt(foreign.size())));
        }
      }
      default -> repeat(tokens, at, to, 1 + random.nextInt(MOST_REPEATS));
    }
    byte[] bytes = String.join("", tokens).getBytes(ISO_8859_1);
    return bytes.length > MOST_BYTES ? Arrays.copyOf(bytes, MOST_BYTES) : bytes;
  }

  private static void repeat(List<String> tokens, int from, int to, int times) {
    List<String> repeated = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      repeated.addAll(tokens.subList(from, to));
    }
    tokens.addAll(from, repeated);
  }

  private static List<String> split(byte[] text) {
    return new ArrayList<>(
        TOKEN.matcher(new String(text, ISO_8859_1)).results().map(found -> found.group()).toList());
  }

  private static String odd(RandomGenerator random) {
    return new String(TOKENS[random.nextInt(TOKENS.length)].getBytes(UTF_8), ISO_8859_1);
  }
}
