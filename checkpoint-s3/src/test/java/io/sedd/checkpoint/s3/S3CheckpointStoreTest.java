package io.sedd.checkpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.DurableFiles;
import io.sedd.protocol.checkpoint.FileDigest;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store on a real S3 server in this JVM. */
class S3CheckpointStoreTest {

  private static final long ROOMY = 10L * SmallCheckpoint.BYTES;
  private static final String MODEL = "runs/a/step-00000001/" + Checkpoint.MODEL_FILE;

  @TempDir private Path folder;
  private S3Site site;
  private S3CheckpointStore publisher;

  @BeforeEach
  void start() throws Exception {
    site = new S3Site(folder.resolve("server"));
    publisher = S3CheckpointStore.open(site.settings("runs/a"), folder.resolve("trainer"), ROOMY);
  }

  @AfterEach
  void stop() throws Exception {
    publisher.close();
    site.close();
  }

  private S3CheckpointStore reader(long cacheBytes) throws IOException {
    return S3CheckpointStore.open(site.settings("runs/a"), folder.resolve("cache"), cacheBytes);
  }

  private List<String> cached() throws IOException {
    Path cache = folder.resolve("cache");
    try (Stream<Path> files = Files.walk(cache)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> cache.relativize(file).toString())
          .filter(file -> !file.equals(".lock"))
          .map(file -> file.substring(file.indexOf('/') + 1))
          .sorted()
          .toList();
    }
  }

  @Test
  void whatIsPublishedIsListedAndReadBackWithTheSameHash() throws Exception {
    SmallCheckpoint.publish(publisher, "step-00000001");
    Checkpoint published = SmallCheckpoint.publish(publisher, "step-00000002");
    try (S3CheckpointStore reader = reader(ROOMY)) {
      assertEquals(List.of("step-00000001", "step-00000002"), reader.list());
      assertEquals(Optional.of("step-00000002"), reader.latest());
      Checkpoint read = reader.open("step-00000002");
      read.verify();
      assertEquals(published.sha256(), read.sha256());
      assertFalse(Files.exists(read.training()), "only the trainer reads training/");
      reader.makeLatest("step-00000001");
      assertEquals(Optional.of("step-00000001"), publisher.latest());
    }
  }

  @Test
  void aFolderThatWasCopiedThereIsTheSameCheckpoint() throws Exception {
    Path copied = folder.resolve("server").resolve(S3Site.BUCKET).resolve("runs/a");
    String sha256 =
        SmallCheckpoint.publish(new FileSystemCheckpointStore(copied), "by-hand").sha256();
    try (S3CheckpointStore reader = reader(ROOMY)) {
      assertEquals(Optional.of("by-hand"), reader.latest());
      assertEquals(sha256, reader.open("by-hand").sha256());
    }
  }

  @Test
  void aReaderSeesNoCheckpointThatIsStillBeingUploaded() throws Exception {
    SmallCheckpoint.publish(publisher, "step-00000001");
    Files.delete(site.bucketFolder().resolve("runs/a/step-00000001/config.json"));
    try (S3CheckpointStore reader = reader(ROOMY)) {
      assertEquals(List.of(), reader.list());
      CheckpointException refused = assertThrows(CheckpointException.class, reader::latest);
      assertTrue(refused.getMessage().contains("s3://models/runs/a/LATEST"), refused.getMessage());
      assertThrows(CheckpointException.class, () -> reader.open("step-00000001"));
      assertFalse(publisher.removeLeftovers().isEmpty());
      SmallCheckpoint.publish(publisher, "step-00000001");
      assertEquals(Optional.of("step-00000001"), reader.latest());
    }
  }

  @Test
  void aDeletedOneIsGoneAndTheLatestCannotBeDeleted() throws Exception {
    SmallCheckpoint.publish(publisher, "step-00000001");
    SmallCheckpoint.publish(publisher, "step-00000002");
    publisher.delete("step-00000001");
    assertEquals(List.of("step-00000002"), publisher.list());
    assertThrows(CheckpointException.class, () -> publisher.delete("step-00000002"));
    assertThrows(CheckpointException.class, () -> publisher.delete("step-00000001"));
  }

  @Test
  void aSecondOpeningReadsTheCopyAndReplacedContentIsFetchedAgain() throws Exception {
    SmallCheckpoint.publish(publisher, "step-00000001");
    try (S3CheckpointStore reader = reader(ROOMY)) {
      String before = reader.fingerprint("step-00000001");
      reader.open("step-00000001");
      long reads = site.reads().stream().filter(MODEL::equals).count();
      Checkpoint copy = reader.open("step-00000001");
      assertEquals(reads, site.reads().stream().filter(MODEL::equals).count());

      publisher.makeLatest("step-00000001");
      publisher.draft("other").close();
      SmallCheckpoint.publish(publisher, "step-00000002");
      publisher.delete("step-00000001");
      Path other = folder.resolve("server").resolve(S3Site.BUCKET).resolve("runs/a");
      Files.move(other.resolve("step-00000002"), other.resolve("step-00000001"));
      assertFalse(before.equals(reader.fingerprint("step-00000001")));
      assertFalse(copy.sha256().equals(reader.open("step-00000001").sha256()));
    }
  }

  @Test
  void aDownloadThatBrokeOffIsNeverShownAndGoesOnWhereItWas() throws Exception {
    SmallCheckpoint.publish(publisher, "step-00000001");
    try (S3CheckpointStore reader = reader(ROOMY)) {
      site.breakOnceAfter(200_000);
      assertThrows(IOException.class, () -> reader.open("step-00000001"));
      assertEquals(Optional.empty(), visible());
    }
    // the process may have been killed in between
    try (S3CheckpointStore reader = reader(ROOMY)) {
      reader.open("step-00000001").verify();
      List<String> ranges =
          site.reads().stream().filter(read -> read.startsWith(MODEL + " bytes=")).toList();
      assertEquals(1, ranges.size(), site.reads()::toString);
    }
  }

  private Optional<Path> visible() throws IOException {
    try (Stream<Path> entries = Files.list(folder.resolve("cache"))) {
      return entries.filter(entry -> !entry.getFileName().toString().startsWith(".")).findFirst();
    }
  }

  @Test
  void contentThatContradictsItsManifestIsRefusedAndLeavesNothing() throws Exception {
    SmallCheckpoint.publish(publisher, "step-00000001");
    Path stored = site.bucketFolder().resolve(MODEL);
    byte[] bytes = Files.readAllBytes(stored);
    bytes[1000] ^= 1;
    Files.write(stored, bytes);
    try (S3CheckpointStore reader = reader(ROOMY)) {
      CheckpointException refused =
          assertThrows(CheckpointException.class, () -> reader.open("step-00000001"));
      assertTrue(refused.getMessage().contains("sha256"), refused.getMessage());
      assertEquals(List.of(), cached());

      Files.write(stored, new byte[10]);
      refused = assertThrows(CheckpointException.class, () -> reader.open("step-00000001"));
      assertTrue(refused.getMessage().contains("has 10 bytes"), refused.getMessage());
      assertEquals(List.of(), cached());
    }
  }

  @Test
  void aSpoiltCopyIsFetchedAgain() throws Exception {
    SmallCheckpoint.publish(publisher, "step-00000001");
    try (S3CheckpointStore reader = reader(ROOMY)) {
      Checkpoint copy = reader.open("step-00000001");
      Files.write(copy.weights(), new byte[SmallCheckpoint.BYTES]);
      Checkpoint again = reader.open("step-00000001");
      assertEquals(again.sha256(), FileDigest.of(again.weights()).sha256());
    }
  }

  @Test
  void aFullDiskLeavesNothingBehindAndWithRoomItGoesThrough() throws Exception {
    SmallCheckpoint.publish(publisher, "step-00000001");
    Path cache = folder.resolve("cache");
    try (SmallDisk disk = SmallDisk.limited(cache, SmallCheckpoint.BYTES / 2)) {
      fillAndGrow(disk);
    }
    DurableFiles.deleteTree(cache);
    Optional<SmallDisk> tmpfs = SmallDisk.tmpfs(cache, SmallCheckpoint.BYTES / 2);
    if (tmpfs.isEmpty()) {
      System.out.println(
          "disk full: shown by a limit in the process only; no tmpfs can be mounted");
    } else {
      try (SmallDisk disk = tmpfs.get()) {
        fillAndGrow(disk);
      }
    }
  }

  private void fillAndGrow(SmallDisk disk) throws Exception {
    try (S3CheckpointStore reader =
        S3CheckpointStore.open(site.settings("runs/a"), disk.folder(), ROOMY, disk)) {
      IOException full = assertThrows(IOException.class, () -> reader.open("step-00000001"));
      assertTrue(full.getMessage().contains("No space left on device"), full.getMessage());
      assertTrue(full.getMessage().contains("make room"), full.getMessage());
      assertEquals(List.of(), cached());
      disk.grow(3L * SmallCheckpoint.BYTES);
      reader.open("step-00000001").verify();
    }
  }

  @Test
  void aDiskThatIsKnownToBeTooSmallIsNotWrittenAtAll() throws Exception {
    SmallCheckpoint.publish(publisher, "step-00000001");
    CacheDisk full =
        new CacheDisk() {
          @Override
          public long usableBytes(Path any) {
            return 1000;
          }

          @Override
          public OutputStream append(Path file) {
            throw new AssertionError("nothing is to be written");
          }
        };
    try (S3CheckpointStore reader =
        S3CheckpointStore.open(site.settings("runs/a"), folder.resolve("cache"), ROOMY, full)) {
      IOException refused = assertThrows(IOException.class, () -> reader.open("step-00000001"));
      assertTrue(refused.getMessage().contains("the disk has 1,000"), refused.getMessage());
    }
  }

  @Test
  void theCopyThatWasUnusedForLongestMakesRoomButNoneThatIsWanted() throws Exception {
    for (int step = 1; step <= 4; step++) {
      SmallCheckpoint.publish(publisher, "step-0000000" + step);
    }
    try (S3CheckpointStore reader = reader(SmallCheckpoint.BYTES * 5L / 2)) {
      Path first = reader.open("step-00000001").folder();
      reader.keep(Set.of("step-00000001"));
      Path second = reader.open("step-00000002").folder();
      Path third = reader.open("step-00000003").folder();
      assertTrue(Files.exists(first));
      assertFalse(Files.exists(second));
      reader.keep(Set.of("step-00000001", "step-00000003"));
      IOException refused = assertThrows(IOException.class, () -> reader.open("step-00000004"));
      assertTrue(refused.getMessage().contains("raise it"), refused.getMessage());
      assertTrue(Files.exists(first));
      assertTrue(Files.exists(third));
    }
  }

  @Test
  void aCopyWillDoWhereTheBucketCannotBeRead() throws Exception {
    SmallCheckpoint.publish(publisher, "step-00000001");
    try (S3CheckpointStore reader = reader(ROOMY)) {
      String sha256 = reader.open("step-00000001").sha256();
      site.stop();
      assertEquals(sha256, reader.open("step-00000001").sha256());
      IOException lost = assertThrows(IOException.class, reader::latest);
      assertTrue(lost.getMessage().contains("s3://models/runs/a/LATEST"), lost.getMessage());
      assertThrows(IOException.class, () -> reader.open("step-00000002"));
    }
  }

  @Test
  void aBucketThatIsNotThereAndCredentialsThatAreRefusedAreSaidInWords() throws Exception {
    S3Settings right = site.settings("runs/a");
    S3Settings elsewhere =
        new S3Settings(S3Location.parse("s3://nowhere/a"), right.endpoint(), right.region(), true);
    try (S3CheckpointStore reader =
        S3CheckpointStore.open(elsewhere, folder.resolve("cache"), ROOMY)) {
      IOException refused = assertThrows(IOException.class, reader::latest);
      assertTrue(refused.getMessage().contains("no bucket 'nowhere'"), refused.getMessage());
    }
    System.setProperty("aws.secretAccessKey", "another");
    try (S3CheckpointStore reader = reader(ROOMY)) {
      IOException refused = assertThrows(IOException.class, reader::latest);
      assertTrue(refused.getMessage().contains("access is denied"), refused.getMessage());
    }
  }

  @Test
  void aCacheBelongsToOneStoreAtATime() throws Exception {
    try (S3CheckpointStore _ = reader(ROOMY)) {
      IOException refused = assertThrows(IOException.class, () -> reader(ROOMY).close());
      assertTrue(refused.getMessage().contains("another worker's cache"), refused.getMessage());
    }
    reader(ROOMY).close();
  }

  @Test
  void aLocationHasABucketAndAPrefix() {
    assertEquals(new S3Location("b-1", "x/y"), S3Location.parse("s3://b-1/x/y/"));
    assertEquals(new S3Location("b-1", ""), S3Location.parse("s3://b-1"));
    assertThrows(IllegalArgumentException.class, () -> S3Location.parse("http://b-1/x"));
    assertThrows(IllegalArgumentException.class, () -> S3Location.parse("s3://B_1/x"));
  }
}
