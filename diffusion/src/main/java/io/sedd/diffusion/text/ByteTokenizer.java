package io.sedd.diffusion.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.OptionalInt;

/** The bytes of UTF-8, ids 0 to 255, and 256 for the end of text: needs no files. */
public final class ByteTokenizer implements Tokenizer {

  private static final int END_OF_TEXT_ID = 256;
  private static final int VOCABULARY = 257;

  @Override
  public int[] encode(String text) {
    Utf8.requireEncodable(text);
    byte[] bytes = text.getBytes(UTF_8);
    int[] tokens = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      tokens[i] = Byte.toUnsignedInt(bytes[i]);
    }
    return tokens;
  }

  @Override
  public String decode(int[] tokens) {
    TokenIds.requireAll(tokens, VOCABULARY);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(tokens.length);
    for (int token : tokens) {
      if (token == END_OF_TEXT_ID) {
        bytes.writeBytes(END_OF_TEXT.getBytes(UTF_8));
      } else {
        bytes.write(token);
      }
    }
    return bytes.toString(UTF_8);
  }

  @Override
  public int vocabularySize() {
    return VOCABULARY;
  }

  @Override
  public OptionalInt endOfText() {
    return OptionalInt.of(END_OF_TEXT_ID);
  }
}
