package io.sedd.diffusion.text;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.util.OptionalInt;

/**
 * GPT-2's byte-level BPE (Radford et al. 2019), the tokenizer of the official SEDD checkpoints:
 * 50,257 ids, of which 50,256 is the end of text. The vocabulary, {@code r50k_base}, comes with
 * JTokkit; making one takes a fraction of a second and some ten MB, so make one and share it.
 */
public final class Gpt2Tokenizer implements Tokenizer {

  private static final int VOCABULARY = 50_257;
  private static final int END_OF_TEXT_ID = 50_256;

  private final Encoding encoding =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);

  @Override
  public int[] encode(String text) {
    Utf8.requireEncodable(text);
    return encoding.encodeOrdinary(text).toArray();
  }

  @Override
  public String decode(int[] tokens) {
    TokenIds.requireAll(tokens, VOCABULARY);
    IntArrayList list = new IntArrayList(tokens.length);
    for (int token : tokens) {
      list.add(token);
    }
    return encoding.decode(list);
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
