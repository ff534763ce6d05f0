package io.sedd.trainer.corpus;

import io.sedd.protocol.checkpoint.DurableFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A corpus on disk, tokenised once: {@code corpus.json}, the tokenizer where it is not built in,
 * and shards of raw tokens, which NumPy reads too. It appears under its name when it is complete.
 */
public final class PackedFolder implements AutoCloseable {

  private final Path folder;
  private final CorpusManifest manifest;
  private final Vocabulary vocabulary;
  private final TokenShards shards;

  private PackedFolder(
      Path folder, CorpusManifest manifest, Vocabulary vocabulary, TokenShards shards) {
    this.folder = folder;
    this.manifest = manifest;
    this.vocabulary = vocabulary;
    this.shards = shards;
  }

  /** Whether a path is such a folder. */
  public static boolean is(Path path) {
    return CorpusManifest.isIn(path);
  }

  /**
   * Opens a folder; the sizes of its files are checked, their hashes by {@link #verify}.
   *
   * @throws IOException naming the file at fault
   */
  public static PackedFolder open(Path folder) throws IOException {
    CorpusManifest manifest = CorpusManifest.read(folder);
    Vocabulary vocabulary = Vocabulary.load(manifest.tokenizer(), folder);
    if (!vocabulary.fingerprint().equals(manifest.tokenizerFingerprint())
        || vocabulary.size() != manifest.vocabulary()) {
      throw new IOException(
          "%s: its tokenizer (%,d tokens, %.12s) is not the one that it was packed with (%,d, %.12s); copy or pack the corpus again"
              .formatted(
                  folder,
                  vocabulary.size(),
                  vocabulary.fingerprint(),
                  manifest.vocabulary(),
                  manifest.tokenizerFingerprint()));
    }
    return new PackedFolder(folder, manifest, vocabulary, TokenShards.open(folder, manifest));
  }

  /**
   * Tokenises documents into a new folder; closes their stream. Needs memory for one document.
   *
   * @param shardTokens most tokens of a file
   * @throws FileAlreadyExistsException if there is something at the target
   * @throws IllegalArgumentException if there is no document, or the tokenizer has no end of text
   */
  public static PackedFolder pack(
      Stream<String> documents, Vocabulary vocabulary, Path target, long shardTokens)
      throws IOException {
    try (documents) {
      if (Files.exists(target)) {
        throw new FileAlreadyExistsException(
            target.toString(), null, "packed corpora are not replaced; name a new folder");
      }
      Path parent = target.toAbsolutePath().getParent();
      Files.createDirectories(parent);
      Path draft = DurableFiles.newFolder(parent, "." + target.getFileName() + ".tmp-");
      try {
        write(documents, vocabulary, draft, shardTokens);
        DurableFiles.rename(draft, target);
      } finally {
        if (Files.exists(draft)) {
          DurableFiles.deleteTree(draft);
        }
      }
    }
    return open(target);
  }

  private static void write(
      Stream<String> documents, Vocabulary vocabulary, Path draft, long shardTokens)
      throws IOException {
    int endOfText = PackedCorpus.endOfText(vocabulary.tokenizer());
    TokenWidth width = TokenWidth.of(vocabulary.size());
    long count = 0;
    long characters = 0;
    try (ShardWriter writer = new ShardWriter(draft, width, shardTokens)) {
      for (String document : (Iterable<String>) documents::iterator) {
        writer.write(vocabulary.tokenizer().encode(document));
        writer.write(endOfText);
        count++;
        characters += document.codePointCount(0, document.length());
      }
      if (count == 0) {
        throw new IllegalArgumentException("the corpus has no document in it; give other texts");
      }
      var shards = writer.end();
      vocabulary.writeTo(draft);
      new CorpusManifest(
              CorpusManifest.FORMAT,
              vocabulary.name(),
              vocabulary.fingerprint(),
              vocabulary.size(),
              width,
              count,
              characters,
              shards.stream().mapToLong(CorpusManifest.Shard::tokens).sum(),
              writer.sha256(),
              shards)
          .write(draft);
    }
    for (Path file : DurableFiles.filesBelow(draft)) {
      DurableFiles.force(file);
    }
  }

  /**
   * Reads all of it and compares hashes.
   *
   * @throws IOException naming the first file that differs
   */
  public void verify() throws IOException {
    shards.verify();
  }

  /** Cut to rows; usable until this is closed. */
  public PackedCorpus rows(int length) {
    return new PackedCorpus(shards, length, manifest.documents());
  }

  /**
   * The texts that were packed, read back one by one; usable until this is closed. What a tokenizer
   * drops or changes is not in them: one of bytes and a byte-level BPE do neither.
   */
  public Stream<String> texts() {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            new PackedDocuments(shards, vocabulary.tokenizer()), Spliterator.ORDERED),
        false);
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /** That it was tokenised with. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** Documents, each with an end of text. */
  public long documents() {
    return manifest.documents();
  }

  /** Unicode characters of the documents. */
  public long characters() {
    return manifest.characters();
  }

  /** Tokens, ends of text included. */
  public long tokens() {
    return manifest.tokens();
  }

  /** Hash of all tokens. */
  public String sha256() {
    return manifest.sha256();
  }

  /** Number of files. */
  public int shards() {
    return manifest.shards().size();
  }

  /** Bytes of a token in them. */
  public int bytesPerToken() {
    return manifest.width().bytes();
  }

  @Override
  public void close() {
    shards.close();
  }
}
