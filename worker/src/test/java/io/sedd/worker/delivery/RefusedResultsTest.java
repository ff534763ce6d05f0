package io.sedd.worker.delivery;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.intake.SourceState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A results topic that takes nothing for a while. */
@ExtendWith(BrokerExtension.class)
@SuppressWarnings("try") // closing a worker may be interrupted
class RefusedResultsTest {

  private final KafkaSite site;

  RefusedResultsTest(KafkaSite site) {
    this.site = site;
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void resultsThatTheTopicRefusesAreKeptAndPublishedOnceItIsMended(Mode mode) throws Exception {
    mode.prepare(site);
    List<GenerationJob> jobs = Jobs.jobs("job", 30);
    largestResult(100);
    try (EchoWorker worker = new EchoWorker(mode, site, "w", site.clients("w"), _ -> false)) {
      site.send(jobs);
      waiting().until(() -> worker.state().phase() == SourceState.Phase.TROUBLED);
      assertTrue(worker.state().detail().contains("max.message.bytes"), worker.state()::detail);
      assertEquals(0, site.results().size());
      largestResult(1_000_000);
      var results = site.awaitResults(30);
      OneResultEach.of(jobs, results);
      assertEquals(30, worker.started().size());
      waiting().until(() -> worker.state().phase() == SourceState.Phase.RUNNING);
    }
  }

  private void largestResult(int bytes) throws Exception {
    site.admin()
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, site.topics().results()),
                List.of(
                    new AlterConfigOp(
                        new ConfigEntry(
                            TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(bytes)),
                        AlterConfigOp.OpType.SET))))
        .all()
        .get();
  }

  private static ConditionFactory waiting() {
    return await().atMost(KafkaSite.LIMIT).pollInterval(Duration.ofMillis(20));
  }
}
