package io.sedd.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobCodec;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.sedd.worker.delivery.Jobs;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whole workers in a share group, as the configuration asks for it. */
@ExtendWith(BrokerExtension.class)
class ShareGroupWorkerTest {

  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void aWorkerDoesNotJoinAGroupInWhichTheBrokerWouldDropJobs(
      KafkaSite site, @TempDir Path checkpoints) {
    IllegalStateException refusal =
        assertThrows(
            IllegalStateException.class,
            () -> RunningWorker.start(site, checkpoints, "delivery.mode=share-group"));
    assertTrue(refusal.getMessage().contains("would lose jobs"), refusal::getMessage);
  }

  @Test
  void aWorkerThatMaySetItsGroupUpDoesSoAndDoesTheJobs(KafkaSite site, @TempDir Path checkpoints)
      throws Exception {
    TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "first", 1);
    List<GenerationJob> jobs = Jobs.jobs("job", 40);
    site.send(jobs);
    try (Worker _ =
        RunningWorker.start(
            site, checkpoints, "delivery.mode=share-group", "delivery.shareGroup.configure=true")) {
      List<GenerationResult> results = site.awaitResults(40);
      Set<String> had = new HashSet<>();
      results.forEach(result -> assertTrue(had.add(result.jobId()), result::jobId));
      assertEquals(jobs.stream().map(GenerationJob::id).collect(Collectors.toSet()), had);
    }
  }

  @Test
  void theTraceOfAJobIsOnItsProgressAndOnItsResult(KafkaSite site, @TempDir Path checkpoints)
      throws Exception {
    TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "first", 1);
    GenerationJob job = Jobs.withProgress(Jobs.job("traced"), 1);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(site.topics().jobs(), job.id().getBytes(UTF_8), JobCodec.encode(job));
    record.headers().add("traceparent", PARENT.getBytes(UTF_8));
    try (Worker _ = RunningWorker.start(site, checkpoints);
        var producer = site.clients("tracer").plainProducer()) {
      producer.send(record).get();
      assertEquals(PARENT, parent(site.awaitFirst(site.topics().progress())));
      assertEquals(PARENT, parent(site.await(site.topics().results(), 1).getFirst()));
    }
  }

  private static String parent(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.headers().lastHeader("traceparent").value(), UTF_8);
  }
}
