package io.sedd.trainer.corpus;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * {@code corpus.json}: the head of a folder of token shards.
 *
 * @param format of the folder; {@link #FORMAT}
 * @param tokenizer {@code gpt2}, {@code bytes}, or the name of the file in the folder
 * @param tokenizerFingerprint as {@link Vocabulary#fingerprint()}
 * @param vocabulary number of tokens; all in the shards are below it
 * @param width how the shards' files have their tokens
 * @param documents in the texts; each has an end of text after it
 * @param characters Unicode characters of the documents
 * @param tokens in all shards together, ends of text included
 * @param sha256 of all tokens as little-endian 32-bit numbers
 * @param shards in their order
 */
record CorpusManifest(
    int format,
    String tokenizer,
    String tokenizerFingerprint,
    int vocabulary,
    TokenWidth width,
    long documents,
    long characters,
    long tokens,
    String sha256,
    List<Shard> shards) {

  static final String FILE = "corpus.json";
  static final int FORMAT = 1;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  CorpusManifest {
    shards = List.copyOf(shards);
    if (format != FORMAT) {
      throw new IllegalArgumentException(
          "its format is " + format + ", this release reads " + FORMAT);
    }
    if (tokens != shards.stream().mapToLong(Shard::tokens).sum()) {
      throw new IllegalArgumentException("its shards do not have " + tokens + " tokens together");
    }
  }

  /**
   * A file of tokens.
   *
   * @param file its name
   * @param tokens in it
   * @param sha256 of the file
   */
  record Shard(String file, long tokens, String sha256) {

    Shard {
      if (!file.matches("[A-Za-z0-9][A-Za-z0-9._-]*") || tokens < 1) {
        throw new IllegalArgumentException(
            "a shard is a file beside it with at least 1 token, not '" + file + "' with " + tokens);
      }
    }
  }

  static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(FILE));
  }

  /**
   * Reads the head of a folder.
   *
   * @throws IOException naming file and fault if there is none, or it cannot be used
   */
  static CorpusManifest read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    try {
      return JSON.readValue(file.toFile(), CorpusManifest.class);
    } catch (JacksonException e) {
      throw new IOException(
          file + ": is no head of a packed corpus: " + e.getOriginalMessage() + "; pack it again",
          e);
    } catch (java.io.FileNotFoundException _) {
      throw new NoSuchFileException(
          file.toString(), null, "the folder is no packed corpus; make one with 'corpus pack'");
    }
  }

  void write(Path folder) throws IOException {
    Files.writeString(
        folder.resolve(FILE),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n",
        StandardOpenOption.CREATE_NEW);
  }
}
