package io.sedd.tokenizers.djl;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.sedd.diffusion.text.TokenizerEngine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.Map;

/** Tokenizers of DJL's binding. Their native memory goes when nobody has them any more. */
public final class DjlTokenizerEngine implements TokenizerEngine {

  private final Cleaner cleaner = Cleaner.create();

  /** For the service loader. */
  public DjlTokenizerEngine() {
    // set before the library is loaded: it asks for neither a network nor another build of itself
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("RUST_FLAVOR", "cpu");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  @Override
  public Loaded load(String json) throws IOException {
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(json.getBytes(UTF_8)),
              Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
      DjlTokenizer loaded = new DjlTokenizer(tokenizer);
      cleaner.register(loaded, tokenizer::close);
      return loaded;
    } catch (RuntimeException | LinkageError e) {
      throw new IOException("Hugging Face tokenizers says: " + e.getMessage(), e);
    }
  }

  private record DjlTokenizer(HuggingFaceTokenizer tokenizer) implements Loaded {

    @Override
    public int[] encode(String text) {
      long[] ids = tokenizer.encode(text, false, false).getIds();
      return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public String decode(int[] tokens) {
      return tokenizer.decode(Arrays.stream(tokens).asLongStream().toArray(), false);
    }
  }
}
