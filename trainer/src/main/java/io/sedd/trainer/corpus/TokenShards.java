package io.sedd.trainer.corpus;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * The shards of a packed corpus, mapped into memory: the operating system reads what is asked for
 * and drops it again, so that a corpus may be larger than memory.
 */
final class TokenShards implements TokenStore {

  private final Path folder;
  private final CorpusManifest manifest;
  private final Arena arena;
  private final MemorySegment[] shards;

  /** Where each shard begins, and at last the number of all tokens. */
  private final long[] begins;

  private TokenShards(Path folder, CorpusManifest manifest, Arena arena) throws IOException {
    this.folder = folder;
    this.manifest = manifest;
    this.arena = arena;
    this.shards = new MemorySegment[manifest.shards().size()];
    this.begins = new long[shards.length + 1];
    for (int i = 0; i < shards.length; i++) {
      CorpusManifest.Shard shard = manifest.shards().get(i);
      shards[i] = map(folder.resolve(shard.file()), shard);
      begins[i + 1] = begins[i] + shard.tokens();
    }
  }

  /**
   * Maps the shards of a folder.
   *
   * @throws IOException naming the file, if one is missing or has another size than the head says
   */
  @SuppressWarnings("MustBeClosedChecker") // closed by what is returned
  static TokenShards open(Path folder, CorpusManifest manifest) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      return new TokenShards(folder, manifest, arena);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private MemorySegment map(Path file, CorpusManifest.Shard shard) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString(), null, "a shard of the corpus is missing");
    }
    long wanted = manifest.width().bytes() * shard.tokens();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() != wanted) {
        throw new IOException(
            "%s: has %,d bytes, corpus.json says %,d; copy or pack the corpus again"
                .formatted(file, channel.size(), wanted));
      }
      return channel.map(MapMode.READ_ONLY, 0, wanted, arena);
    }
  }

  /**
   * Reads every shard once and compares its hash.
   *
   * @throws IOException naming the first that differs
   */
  void verify() throws IOException {
    for (int i = 0; i < shards.length; i++) {
      CorpusManifest.Shard shard = manifest.shards().get(i);
      var digest = TokenDigest.sha256();
      for (long from = 0; from < shards[i].byteSize(); from += Integer.MAX_VALUE) {
        long bytes = Math.min(Integer.MAX_VALUE, shards[i].byteSize() - from);
        digest.update(shards[i].asSlice(from, bytes).asByteBuffer());
      }
      String hash = HexFormat.of().formatHex(digest.digest());
      if (!hash.equals(shard.sha256())) {
        throw new IOException(
            "%s: has sha256 %s, corpus.json says %s; copy or pack the corpus again"
                .formatted(folder.resolve(shard.file()), hash, shard.sha256()));
      }
    }
  }

  @Override
  public long size() {
    return begins[shards.length];
  }

  @Override
  public void copy(long from, int count, int[] into, int at) {
    Objects.checkFromIndexSize(from, count, size());
    int found = Arrays.binarySearch(begins, from);
    int shard = found >= 0 ? found : -found - 2;
    for (int done = 0; done < count; shard++) {
      long inShard = from + done - begins[shard];
      int part = (int) Math.min(count - done, begins[shard + 1] - from - done);
      for (int i = 0; i < part; i++) {
        into[at + done + i] = token(shard, inShard + i);
      }
      done += part;
    }
  }

  private int token(int shard, long index) {
    int token = manifest.width().read(shards[shard], index);
    if (token < 0 || token >= manifest.vocabulary()) {
      throw new IllegalStateException(
          "%s: token %,d is %d, beyond the vocabulary of %,d; copy or pack the corpus again"
              .formatted(
                  folder.resolve(manifest.shards().get(shard).file()),
                  index,
                  token,
                  manifest.vocabulary()));
    }
    return token;
  }

  @Override
  public String sha256() {
    return manifest.sha256();
  }

  @Override
  public void close() {
    arena.close();
  }
}
