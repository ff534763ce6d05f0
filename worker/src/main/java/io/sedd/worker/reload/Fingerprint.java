package io.sedd.worker.reload;

import io.sedd.protocol.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What tells one state of a checkpoint's folder from another without reading its weights.
 *
 * @param name of the checkpoint
 * @param content hash of its manifest, and size and time of each of its files
 */
record Fingerprint(String name, String content) {

  /** The present one of a folder; also of one that is no sound checkpoint, or not there. */
  static Fingerprint of(String name, Path folder) throws IOException {
    MessageDigest digest = sha256();
    if (Files.isDirectory(folder)) {
      Path manifest = folder.resolve(Checkpoint.MANIFEST_FILE);
      if (Files.isRegularFile(manifest)) {
        digest.update(Files.readAllBytes(manifest));
      }
      for (Path file : filesOf(folder)) {
        digest.update(
            "%s %d %s"
                .formatted(file.getFileName(), Files.size(file), Files.getLastModifiedTime(file))
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    return new Fingerprint(name, HexFormat.of().formatHex(digest.digest()));
  }

  private static List<Path> filesOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
