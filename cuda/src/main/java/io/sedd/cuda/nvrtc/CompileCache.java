package io.sedd.cuda.nvrtc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was compiled before, a file each, named by the hash of all that it depends on. A file begins
 * with the hash of its content: one that a full disk or a crash left in pieces is compiled again. A
 * folder that cannot be written costs the compiling at every start and a warning, nothing else.
 * Several processes may share a folder.
 */
public final class CompileCache {

  /** Folder of the cache, instead of {@code sedd/cuda} in the user's cache folder. */
  public static final String PROPERTY = "sedd.cuda.cache";

  private static final Logger log = LoggerFactory.getLogger(CompileCache.class);
  private static final int HASH_BYTES = 32;

  private final Path folder;

  public CompileCache(Path folder) {
    this.folder = folder;
  }

  /** The usual place of this user. */
  public static Path folderOfThisUser() {
    return folder(System.getProperty(PROPERTY), System.getenv());
  }

  static Path folder(String configured, Map<String, String> environment) {
    if (configured != null) {
      return Path.of(configured);
    }
    String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path base =
        caches.isBlank()
            ? Path.of(environment.getOrDefault("HOME", System.getProperty("java.io.tmpdir")))
                .resolve(".cache")
            : Path.of(caches);
    return base.resolve("sedd").resolve("cuda");
  }

  /**
   * What names a compiled source.
   *
   * @param name of the source, to be read in the folder
   * @param hash of all that the result depends on
   */
  record Key(String name, String hash) {

    static Key of(String name, String source, String compiler, List<String> options) {
      MessageDigest digest = sha256();
      for (String part : List.of(name, source, compiler, String.join("\n", options))) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
      }
      return new Key(name, HexFormat.of().formatHex(digest.digest(), 0, 16));
    }

    String file() {
      return name.replaceAll("[^A-Za-z0-9._-]", "_") + "-" + hash;
    }
  }

  /** What the cache has, else what {@code compile} gives, which is kept. */
  byte[] get(Key key, Supplier<byte[]> compile) {
    Path file = folder.resolve(key.file());
    try {
      byte[] content = checked(Files.readAllBytes(file));
      if (content != null) {
        return content;
      }
      log.warn("{} is damaged: its kernel is compiled again", file);
    } catch (NoSuchFileException _) {
      // the usual way of not having it
    } catch (IOException e) {
      log.warn("{} cannot be read: its kernel is compiled again ({})", file, e.toString());
    }
    byte[] compiled = compile.get();
    keep(file, compiled);
    return compiled;
  }

  private void keep(Path file, byte[] content) {
    try {
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, file.getFileName().toString(), ".part");
      try {
        byte[] whole = new byte[HASH_BYTES + content.length];
        System.arraycopy(sha256().digest(content), 0, whole, 0, HASH_BYTES);
        System.arraycopy(content, 0, whole, HASH_BYTES, content.length);
        Files.write(part, whole);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      log.warn(
          "a compiled kernel cannot be kept in {}: it is compiled at every start ({})",
          folder,
          e.toString());
    }
  }

  /** The content of a file of the cache; null if it is damaged. */
  private static byte[] checked(byte[] whole) {
    if (whole.length < HASH_BYTES) {
      return null;
    }
    MessageDigest digest = sha256();
    digest.update(whole, HASH_BYTES, whole.length - HASH_BYTES);
    byte[] said = java.util.Arrays.copyOf(whole, HASH_BYTES);
    return MessageDigest.isEqual(said, digest.digest())
        ? java.util.Arrays.copyOfRange(whole, HASH_BYTES, whole.length)
        : null;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
