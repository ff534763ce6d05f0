package io.sedd.checkpoint.s3;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.CheckpointManifestJson;
import io.sedd.protocol.checkpoint.CheckpointNames;
import io.sedd.protocol.checkpoint.FileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Fetches the objects of one checkpoint to a folder. What an earlier attempt left there is gone on
 * with; the folder is only for one state of the objects. Every file is compared with the manifest,
 * which is fetched first, where there is one.
 *
 * @param name of the checkpoint, which is the first part of the objects' paths
 */
record Download(S3Objects objects, CacheDisk disk, String name) {

  private static final int BUFFER = 1 << 16;

  /** The disk would not take it: what is there already is of no use to wait for. */
  static final class DiskException extends IOException {
    private static final long serialVersionUID = 1L;

    DiskException(String message, IOException cause) {
      super(message, cause);
    }
  }

  /**
   * Fetches all.
   *
   * @throws CheckpointException if what is stored does not agree with its manifest
   * @throws DiskException if it cannot be written
   * @throws IOException if it cannot be read now; what came is kept
   */
  void fetch(List<StoredObject> listed, Path target) throws IOException {
    List<StoredObject> files = new ArrayList<>(listed);
    files.sort(Comparator.comparing(object -> !isManifest(object)));
    Map<String, FileDigest> digests = Map.of();
    for (StoredObject object : files) {
      String path = inside(object);
      if (!CheckpointNames.isRelativePath(path)) {
        throw new CheckpointException(
            objects.location().url(object.path())
                + ": is no name of a checkpoint's file; remove it");
      }
      Path file = target.resolve(path);
      fetch(object, file, digests.get(path));
      if (isManifest(object)) {
        digests = CheckpointManifestJson.read(file).files();
      }
    }
  }

  private boolean isManifest(StoredObject object) {
    return inside(object).equals(Checkpoint.MANIFEST_FILE);
  }

  private String inside(StoredObject object) {
    return object.path().substring(name.length() + 1);
  }

  private void fetch(StoredObject object, Path file, FileDigest expected) throws IOException {
    String where = objects.location().url(object.path());
    if (expected != null && expected.bytes() != object.bytes()) {
      throw new CheckpointException(
          "%s: has %,d bytes, the manifest says %,d; publish the checkpoint again"
              .formatted(where, object.bytes(), expected.bytes()));
    }
    for (boolean again : new boolean[] {true, false}) {
      String sha256 = continued(object, file);
      if (expected == null || expected.sha256().equals(sha256)) {
        return;
      }
      Files.delete(file);
      // what was gathered in two attempts, or spoilt on its way, gets one chance from its beginning
      if (!again) {
        throw new CheckpointException(
            "%s: has sha256 %s, the manifest says %s; publish the checkpoint again"
                .formatted(where, sha256, expected.sha256()));
      }
    }
  }

  /** Fetches what is not there yet, and hashes all. */
  private String continued(StoredObject object, Path file) throws IOException {
    MessageDigest digest = sha256();
    long present = Files.exists(file) ? Files.size(file) : 0;
    if (present > object.bytes()) {
      Files.delete(file);
      present = 0;
    }
    byte[] buffer = new byte[BUFFER];
    if (present > 0) {
      try (InputStream in = Files.newInputStream(file)) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          digest.update(buffer, 0, n);
        }
      }
    }
    try (OutputStream out = openFor(file)) {
      if (present < object.bytes()) {
        copy(object, present, buffer, digest, out, file);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private OutputStream openFor(Path file) throws DiskException {
    try {
      Files.createDirectories(file.getParent());
      return disk.append(file);
    } catch (IOException e) {
      throw new DiskException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  private void copy(
      StoredObject object,
      long from,
      byte[] buffer,
      MessageDigest digest,
      OutputStream out,
      Path file)
      throws IOException {
    long present = from;
    ResponseInputStream<?> in = objects.read(object, from);
    try {
      for (int n = read(in, buffer, object, present);
          n >= 0;
          n = read(in, buffer, object, present)) {
        try {
          out.write(buffer, 0, n);
        } catch (IOException e) {
          throw new DiskException(
              "%s: cannot be written beyond %,d of %,d bytes: %s; make room on the disk, or put the cache elsewhere"
                  .formatted(file, present, object.bytes(), e.getMessage()),
              e);
        }
        digest.update(buffer, 0, n);
        present += n;
      }
    } finally {
      in.abort(); // closing would read on to the end
    }
    if (present != object.bytes()) {
      throw new IOException(
          "%s: ended after %,d of %,d bytes"
              .formatted(objects.location().url(object.path()), present, object.bytes()));
    }
  }

  private int read(ResponseInputStream<?> in, byte[] buffer, StoredObject object, long present)
      throws IOException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new IOException(
          "%s: broke off after %,d of %,d bytes: %s"
              .formatted(
                  objects.location().url(object.path()), present, object.bytes(), e.getMessage()),
          e);
    } catch (SdkException e) {
      throw objects.inWords(object.path(), e);
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
