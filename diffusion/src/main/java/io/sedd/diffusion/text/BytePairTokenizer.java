package io.sedd.diffusion.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.OptionalInt;

/**
 * Byte-level BPE with a vocabulary of its own: GPT-2's pieces, then {@link MergeRules} within each.
 * Every text has tokens, because every byte has one.
 */
public final class BytePairTokenizer implements Tokenizer {

  private final BytePairVocabulary vocabulary;
  private final MergeRules rules;
  private final byte[][] bytesOfToken;
  private final PieceCache cache = new PieceCache();

  public BytePairTokenizer(BytePairVocabulary vocabulary) {
    this.vocabulary = vocabulary;
    this.rules = new MergeRules(vocabulary);
    List<String> symbols = vocabulary.symbols();
    this.bytesOfToken = new byte[symbols.size()][];
    for (int id = 0; id < bytesOfToken.length; id++) {
      bytesOfToken[id] = ByteSymbols.bytes(symbols.get(id));
    }
  }

  @Override
  public int[] encode(String text) {
    Utf8.requireEncodable(text);
    TokenBuffer tokens = new TokenBuffer(text.length() / 2);
    Gpt2Pieces.forEach(text, piece -> tokens.append(tokensOf(piece)));
    return tokens.toArray();
  }

  private int[] tokensOf(String piece) {
    int[] known = cache.find(piece);
    if (known != null) {
      return known;
    }
    int[] tokens = rules.apply(piece.getBytes(UTF_8));
    cache.remember(piece, tokens);
    return tokens;
  }

  @Override
  public String decode(int[] tokens) {
    TokenIds.requireAll(tokens, vocabularySize());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4 * tokens.length);
    for (int token : tokens) {
      bytes.writeBytes(bytesOfToken[token]);
    }
    return bytes.toString(UTF_8);
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public OptionalInt endOfText() {
    return vocabulary.endOfText();
  }
}
