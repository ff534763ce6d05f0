package io.sedd.protocol.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Hash of a folder's manifest, and of size and time of each of its files. */
final class FolderFingerprint {

  private FolderFingerprint() {}

  static String of(Path folder) throws IOException {
    var digest = FileDigest.sha256Digest();
    if (Files.isDirectory(folder)) {
      Path manifest = folder.resolve(Checkpoint.MANIFEST_FILE);
      if (Files.isRegularFile(manifest)) {
        digest.update(Files.readAllBytes(manifest));
      }
      for (Path file : filesOf(folder)) {
        digest.update(
            "%s %d %s"
                .formatted(file.getFileName(), Files.size(file), Files.getLastModifiedTime(file))
                .getBytes(StandardCharsets.UTF_8));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static List<Path> filesOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
