package io.sedd.checkpoint.s3;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.GenerationResult;
import io.sedd.worker.RunningWorker;
import io.sedd.worker.Worker;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.metrics.Metric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A whole worker, with a real broker and a real S3 server. */
@ExtendWith(BrokerExtension.class)
class WorkerOnS3Test {

  private static final long TINY = 60_000;

  @TempDir private Path folder;

  private static ConditionFactory waiting() {
    return await().atMost(KafkaSite.LIMIT).pollInterval(Duration.ofMillis(20));
  }

  private static boolean serves(Worker worker, String name) {
    return worker.checkpoints().serving().equals(Optional.of(name));
  }

  private static Worker start(KafkaSite kafka, S3Site s3, Path cache, long cacheBytes)
      throws InterruptedException {
    return Worker.start(
        RunningWorker.configuration(
            kafka,
            List.of(
                "checkpoints.location=s3://" + S3Site.BUCKET + "/runs/a",
                "checkpoints.s3.endpoint=" + s3.endpoint(),
                "checkpoints.s3.pathStyle=true",
                "checkpoints.s3.cacheFolder=" + cache,
                "checkpoints.s3.cacheBytes=" + cacheBytes)));
  }

  @Test
  void everyResultNamesTheCheckpointFromTheBucketThatWroteIt(KafkaSite kafka) throws Exception {
    try (S3Site s3 = new S3Site(folder.resolve("server"));
        S3CheckpointStore publisher =
            S3CheckpointStore.open(s3.settings("runs/a"), folder.resolve("trainer"), 1 << 30)) {
      TinyCheckpoints.publish(publisher, "step-00000001", 1);
      String second;
      try (Worker worker = start(kafka, s3, folder.resolve("cache"), 1 << 30)) {
        kafka.send(Jobs.jobs("before", 20));
        kafka.awaitResults(20);
        TinyCheckpoints.publish(publisher, "step-00000002", 2);
        second = publisher.open("step-00000002").sha256();
        waiting().until(() -> serves(worker, "step-00000002"));
        kafka.send(Jobs.jobs("after", 20));
        List<GenerationResult> results = kafka.awaitResults(40);
        assertTrue(
            results.stream()
                .filter(result -> result.jobId().startsWith("after"))
                .allMatch(result -> result.checkpoint().orElseThrow().sha256().equals(second)));
        s3.stop();
        waiting().until(() -> worker.checkpoints().refused().isPresent());
        kafka.send(Jobs.jobs("without", 20));
        assertEquals(60, kafka.awaitResults(60).size());
      }
    }
  }

  @Test
  void aDiskThatIsFullWhileCachingLeavesTheOldCheckpointServing(KafkaSite kafka) throws Exception {
    Path cache = folder.resolve("cache");
    Optional<SmallDisk> tmpfs = SmallDisk.tmpfs(cache, 2 * TINY);
    // where nothing can be mounted the cache's own limit stands for the disk
    long limit = tmpfs.isPresent() ? 1 << 30 : 2 * TINY;
    try (S3Site s3 = new S3Site(folder.resolve("server"));
        S3CheckpointStore publisher =
            S3CheckpointStore.open(s3.settings("runs/a"), folder.resolve("trainer"), 1 << 30)) {
      TinyCheckpoints.publish(publisher, "step-00000001", 1);
      assertTrue(Files.size(publisher.open("step-00000001").weights()) > TINY);
      try (Worker worker = start(kafka, s3, cache, limit)) {
        waiting().until(() -> serves(worker, "step-00000001"));
        TinyCheckpoints.publish(publisher, "step-00000002", 2);
        waiting().until(() -> worker.metrics().value(Metric.RELOADS, "deferred") > 0);
        kafka.send(Jobs.jobs("meanwhile", 20));
        assertTrue(
            kafka.awaitResults(20).stream()
                .allMatch(r -> r.checkpoint().orElseThrow().name().equals("step-00000001")));
        assertTrue(worker.checkpoints().refused().orElseThrow().contains("tried again later"));
        if (tmpfs.isPresent()) {
          tmpfs.get().grow(10 * TINY);
          waiting().until(() -> serves(worker, "step-00000002"));
          assertTrue(worker.checkpoints().refused().isEmpty());
        } else {
          System.out.println("disk full: no tmpfs can be mounted, room is not given back here");
        }
      } finally {
        if (tmpfs.isPresent()) {
          tmpfs.get().close();
        }
      }
    }
  }
}
