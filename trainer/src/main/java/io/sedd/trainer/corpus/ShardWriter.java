package io.sedd.trainer.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Writes a run of tokens as files of at most so many tokens each, and hashes them on the way. */
final class ShardWriter implements AutoCloseable {

  private static final int BUFFER = 1 << 20;

  private final Path folder;
  private final TokenWidth width;
  private final long most;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  private final TokenDigest all = new TokenDigest();
  private final MessageDigest ofShard = TokenDigest.sha256();
  private final List<CorpusManifest.Shard> shards = new ArrayList<>();
  private FileChannel channel;
  private long inShard;

  /**
   * A writer into an empty folder.
   *
   * @param most tokens of a shard
   */
  ShardWriter(Path folder, TokenWidth width, long most) {
    if (most < 1) {
      throw new IllegalArgumentException("a shard has at least 1 token, not " + most);
    }
    this.folder = folder;
    this.width = width;
    this.most = most;
  }

  void write(int... tokens) throws IOException {
    all.update(tokens);
    for (int token : tokens) {
      if (inShard == most) {
        endShard();
      }
      if (channel == null) {
        channel =
            FileChannel.open(shard(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      }
      width.write(token, buffer);
      inShard++;
      if (!buffer.hasRemaining()) {
        flush();
      }
    }
  }

  private Path shard() {
    return folder.resolve(
        "tokens-%05d.%s".formatted(shards.size(), width == TokenWidth.U16 ? "u16" : "u32"));
  }

  private void flush() throws IOException {
    buffer.flip();
    ofShard.update(buffer.duplicate());
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  private void endShard() throws IOException {
    flush();
    channel.force(true);
    channel.close();
    channel = null;
    shards.add(
        new CorpusManifest.Shard(
            shard().getFileName().toString(), inShard, HexFormat.of().formatHex(ofShard.digest())));
    inShard = 0;
  }

  /** Ends the last shard; all of them, on the disk. */
  List<CorpusManifest.Shard> end() throws IOException {
    if (channel != null) {
      endShard();
    }
    return List.copyOf(shards);
  }

  /** Of all tokens, after {@link #end}. */
  String sha256() {
    return all.hex();
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
