package io.sedd.trainer.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.diffusion.text.BytePairTokenizer;
import io.sedd.diffusion.text.BytePairVocabulary;
import io.sedd.diffusion.text.ByteTokenizer;
import io.sedd.diffusion.text.ForeignTokenizer;
import io.sedd.diffusion.text.Gpt2Tokenizer;
import io.sedd.diffusion.text.Tokenizer;
import io.sedd.diffusion.text.TokenizerFormatException;
import io.sedd.diffusion.text.TokenizerJsonReader;
import io.sedd.diffusion.text.TokenizerJsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A tokenizer with what a folder needs to have it again. Kept in memory: the file that it came from
 * may go.
 *
 * @param tokenizer text to tokens and back
 * @param name in the config of a checkpoint or corpus: built in, or the name of its file
 * @param json content of its {@code tokenizer.json}; absent where it is built in
 */
public record Vocabulary(Tokenizer tokenizer, String name, Optional<String> json) {

  /** Name of the file. */
  public static final String FILE = "tokenizer.json";

  /** One token a byte, and an end of text. */
  public static Vocabulary bytes() {
    return new Vocabulary(new ByteTokenizer(), "bytes", Optional.empty());
  }

  /** That of GPT-2. */
  public static Vocabulary gpt2() {
    return new Vocabulary(new Gpt2Tokenizer(), "gpt2", Optional.empty());
  }

  /** One learned here. */
  public static Vocabulary of(BytePairVocabulary learned) {
    return new Vocabulary(
        new BytePairTokenizer(learned), FILE, Optional.of(TokenizerJsonWriter.json(learned)));
  }

  /** A {@code tokenizer.json}: the project's own kind, or another that an engine here can run. */
  public static Vocabulary read(Path file) throws IOException {
    try {
      return of(TokenizerJsonReader.read(file));
    } catch (TokenizerFormatException e) {
      return new Vocabulary(
          ForeignTokenizer.read(file, e), FILE, Optional.of(Files.readString(file)));
    }
  }

  /** That which a folder's config names. */
  public static Vocabulary load(String name, Path folder) throws IOException {
    return switch (name) {
      case "bytes" -> bytes();
      case "gpt2" -> gpt2();
      default -> read(folder.resolve(name));
    };
  }

  /** Number of tokens. */
  public int size() {
    return tokenizer.vocabularySize();
  }

  /** Tells vocabularies apart: a hash of the file, or the name of a built-in one. */
  public String fingerprint() {
    return json.map(
            text -> HexFormat.of().formatHex(TokenDigest.sha256().digest(text.getBytes(UTF_8))))
        .orElse(name);
  }

  /** Writes the file where there is one; for a new folder. */
  public void writeTo(Path folder) throws IOException {
    if (json.isPresent()) {
      Files.writeString(folder.resolve(FILE), json.get(), UTF_8);
    }
  }
}
