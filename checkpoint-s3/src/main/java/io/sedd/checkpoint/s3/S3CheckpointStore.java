package io.sedd.checkpoint.s3;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointDraft;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.CheckpointNames;
import io.sedd.protocol.checkpoint.CheckpointStore;
import io.sedd.protocol.checkpoint.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints in S3, in the layout of a folder, read through a local cache. An upload puts {@code
 * config.json} last and a removal takes it away first: without it a name is no checkpoint, so that
 * readers see one whole or not at all. Used by one thread at a time.
 */
public final class S3CheckpointStore implements CheckpointStore {

  private static final Logger log = LoggerFactory.getLogger(S3CheckpointStore.class);
  static final String LATEST = "LATEST";

  /** A name and a line end are shorter; more is no such object. */
  private static final int LONGEST_LATEST = 256;

  private final S3Objects objects;
  private final CheckpointCache cache;
  private final CacheDisk disk;

  S3CheckpointStore(S3Objects objects, CheckpointCache cache, CacheDisk disk) {
    this.objects = objects;
    this.cache = cache;
    this.disk = disk;
  }

  /**
   * A store on a bucket. Nothing is asked of the server yet.
   *
   * @param cacheFolder for copies; no other process uses it at the same time
   * @param cacheBytes of all copies together; room for two checkpoints at least
   * @throws IOException if the cache cannot be used
   */
  public static S3CheckpointStore open(S3Settings settings, Path cacheFolder, long cacheBytes)
      throws IOException {
    return open(settings, cacheFolder, cacheBytes, CacheDisk.REAL);
  }

  static S3CheckpointStore open(
      S3Settings settings, Path cacheFolder, long cacheBytes, CacheDisk disk) throws IOException {
    CheckpointCache cache = new CheckpointCache(cacheFolder, cacheBytes, disk, Clock.systemUTC());
    return new S3CheckpointStore(new S3Objects(settings), cache, disk);
  }

  @Override
  public List<String> list() throws IOException {
    return objects.below("").stream()
        .filter(object -> object.path().contains("/"))
        .collect(
            Collectors.groupingBy(
                object -> object.path().substring(0, object.path().indexOf('/')),
                TreeMap::new,
                Collectors.toList()))
        .entrySet()
        .stream()
        .filter(entry -> CheckpointNames.isBare(entry.getKey()))
        .filter(entry -> isCheckpoint(entry.getKey(), entry.getValue()))
        .map(entry -> entry.getKey())
        .sorted(CheckpointNames.BY_AGE)
        .toList();
  }

  @Override
  public Optional<String> latest() throws IOException {
    Optional<String> name = readLatest();
    while (name.isPresent() && !isCheckpoint(name.get(), files(name.get()))) {
      Optional<String> again = readLatest();
      if (again.equals(name)) {
        throw new CheckpointException(
            "%s: names '%s', which is no checkpoint there; there are %s"
                .formatted(objects.location().url(LATEST), name.get(), list()));
      }
      // a publisher has named another and removed this one meanwhile
      name = again;
    }
    return name;
  }

  private Optional<String> readLatest() throws IOException {
    Optional<byte[]> content = objects.content(LATEST);
    if (content.isEmpty()) {
      return Optional.empty();
    }
    String name = new String(content.get(), StandardCharsets.UTF_8).stripTrailing();
    if (name.length() > LONGEST_LATEST || !CheckpointNames.isBare(name)) {
      throw new CheckpointException(
          "%s: holds no name of a checkpoint such as %s; write one there"
              .formatted(objects.location().url(LATEST), CheckpointNames.ofStep(12_000)));
    }
    return Optional.of(name);
  }

  /**
   * The copy in the cache, which is fetched first if there is none of the present content. Where
   * the bucket cannot be read or has this checkpoint no more, a copy that is here will do.
   */
  @Override
  public Checkpoint open(String name) throws IOException {
    List<StoredObject> files;
    try {
      files = files(bare(name));
      if (!isCheckpoint(name, files)) {
        throw new CheckpointException(
            "%s: has no checkpoint '%s'".formatted(objects.location(), name));
      }
    } catch (IOException | CheckpointException e) {
      Optional<Path> copy = cache.findAny(name);
      if (copy.isEmpty()) {
        throw e;
      }
      log.warn("{}; takes the copy in {}", e.getMessage(), copy.get());
      return Checkpoint.open(copy.get());
    }
    String fingerprint = fingerprint(files);
    Optional<Checkpoint> copy = soundCopy(name, fingerprint);
    return copy.isPresent() ? copy.get() : Checkpoint.open(fetch(name, fingerprint, files));
  }

  private Optional<Checkpoint> soundCopy(String name, String fingerprint) throws IOException {
    Optional<Path> copy = cache.find(name, fingerprint);
    if (copy.isEmpty()) {
      return Optional.empty();
    }
    try {
      Checkpoint checkpoint = Checkpoint.open(copy.get());
      checkpoint.verify();
      return Optional.of(checkpoint);
    } catch (CheckpointException e) {
      log.warn("{}; the copy is fetched again", e.getMessage());
      cache.remove(name, fingerprint);
      return Optional.empty();
    }
  }

  private Path fetch(String name, String fingerprint, List<StoredObject> files) throws IOException {
    Path partial = cache.partial(name, fingerprint);
    long present = 0;
    for (Path file : DurableFiles.filesBelow(partial)) {
      present += Files.size(file);
    }
    try {
      cache.makeRoom(name, files.stream().mapToLong(StoredObject::bytes).sum(), present);
      new Download(objects, disk, name).fetch(files, partial);
      return cache.show(name, fingerprint);
    } catch (Download.DiskException | CheckpointException e) {
      cache.removePartials();
      throw e;
    }
  }

  @Override
  public String fingerprint(String name) throws IOException {
    return fingerprint(files(bare(name)));
  }

  private static String fingerprint(List<StoredObject> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (StoredObject file : files) {
        digest.update(
            "%s %d %s\n"
                .formatted(file.path(), file.bytes(), file.etag())
                .getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void keep(Set<String> names) {
    cache.keep(names);
  }

  @Override
  public CheckpointDraft draft(String name) throws IOException {
    if (!objects.below(bare(name) + "/").isEmpty()) {
      throw new CheckpointException(
          "%s: exists already; published checkpoints are not replaced, take another name"
              .formatted(objects.location().url(name)));
    }
    return new S3CheckpointDraft(this, cache, name);
  }

  /** Shows a local checkpoint to readers and makes it the latest. */
  Checkpoint publish(Path folder, String name) throws IOException {
    List<Path> files =
        DurableFiles.filesBelow(folder).stream()
            .sorted(Comparator.comparing(file -> file.endsWith(Checkpoint.CONFIG_FILE)))
            .toList();
    for (Path file : files) {
      objects.put(name + "/" + folder.relativize(file).toString().replace('\\', '/'), file);
    }
    makeLatest(name);
    return open(name); // reads back what was uploaded
  }

  @Override
  public void makeLatest(String name) throws IOException {
    requirePublished(name);
    objects.put(LATEST, name + "\n");
  }

  @Override
  public void delete(String name) throws IOException {
    requirePublished(name);
    if (latest().equals(Optional.of(name))) {
      throw new CheckpointException(
          objects.location().url(name) + ": is the latest; make another the latest first");
    }
    objects.delete(name + "/" + Checkpoint.CONFIG_FILE);
    for (StoredObject object : objects.below(name + "/")) {
      objects.delete(object.path());
    }
  }

  @Override
  public List<String> removeLeftovers() throws IOException {
    Set<String> whole = Set.copyOf(list());
    List<StoredObject> left =
        objects.below("").stream()
            .filter(object -> object.path().contains("/"))
            .filter(o -> !whole.contains(o.path().substring(0, o.path().indexOf('/'))))
            .toList();
    for (StoredObject object : left) {
      objects.delete(object.path());
    }
    return left.stream().map(StoredObject::path).toList();
  }

  private void requirePublished(String name) throws IOException {
    if (!isCheckpoint(bare(name), files(name))) {
      throw new CheckpointException(
          "%s: has no checkpoint '%s'".formatted(objects.location(), name));
    }
  }

  /** What serving needs of a checkpoint. */
  private List<StoredObject> files(String name) throws IOException {
    String training = name + "/" + Checkpoint.TRAINING_FOLDER + "/";
    return objects.below(name + "/").stream()
        .filter(object -> !object.path().startsWith(training))
        .toList();
  }

  private static boolean isCheckpoint(String name, List<StoredObject> files) {
    return has(files, name + "/" + Checkpoint.CONFIG_FILE)
        && has(files, name + "/" + Checkpoint.MODEL_FILE);
  }

  private static boolean has(List<StoredObject> files, String path) {
    return files.stream().anyMatch(file -> file.path().equals(path));
  }

  private String bare(String name) {
    if (!CheckpointNames.isBare(name)) {
      throw new CheckpointException(
          "%s: '%s' is no name of a checkpoint; use letters, digits, '.', '-' and '_' only"
              .formatted(objects.location(), name));
    }
    return name;
  }

  @Override
  public void close() throws IOException {
    objects.close();
    cache.close();
  }
}
