package io.sedd.worker.kafka;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A worker does not join a share group in which the broker would drop jobs. */
@ExtendWith(BrokerExtension.class)
class ShareGroupCheckTest {

  private final KafkaSite site;
  private final ShareGroupCheck check;
  private final String deadTopic;

  ShareGroupCheckTest(KafkaSite site) {
    this.site = site;
    check = new ShareGroupCheck(site.admin(), site.topics(), site.group(), site.bootstrapServers());
    deadTopic = "dlq." + site.topics().jobs();
  }

  @Test
  void aGroupWithKafkasDefaultsIsRefusedAndTheCommandThatMendsItIsTold() {
    String refusal = refusal();
    assertTrue(refusal.contains("share.auto.offset.reset is latest"), refusal);
    assertTrue(refusal.contains("errors.deadletterqueue.topic.name is empty"), refusal);
    assertTrue(refusal.contains("kafka-configs.sh"), refusal);
    assertTrue(refusal.contains("delivery.shareGroup.configure: true"), refusal);
  }

  @Test
  void aGroupThatWasSetUpIsTakenAndSettingItUpTwiceDoesNoHarm() throws Exception {
    check.configure();
    check.configure();
    assertEquals(new ShareGroupTerms(10), check.require());
  }

  @Test
  void everySettingThatWouldLoseJobsIsRefusedByItself() throws Exception {
    check.configure();
    refuses("share.auto.offset.reset", "latest", "earliest", "passed over");
    refuses("share.delivery.count.limit", "4", "10", "at least 5");
    refuses("share.renew.acknowledge.enable", "false", "true", "longer than its lock");
    refuses("share.isolation.level", "read_uncommitted", "read_committed", "aborted");
    refuses("errors.deadletterqueue.copy.record.enable", "false", "true", "no job in it");
    refuses("errors.deadletterqueue.topic.name", "dlq.nowhere", deadTopic, "does not exist");
    refuses("errors.deadletterqueue.topic.name", "", deadTopic, "is empty");
    set(ConfigResource.Type.TOPIC, deadTopic, "errors.deadletterqueue.group.enable", "false");
    awaitRefusal("refuses dead letters");
  }

  private void refuses(String setting, String wrong, String right, String because)
      throws Exception {
    set(ConfigResource.Type.GROUP, site.group(), setting, wrong);
    awaitRefusal(because);
    set(ConfigResource.Type.GROUP, site.group(), setting, right);
    // the broker shows a change some time after it has confirmed it
    await().atMost(KafkaSite.LIMIT).ignoreExceptions().untilAsserted(check::require);
  }

  private void awaitRefusal(String because) {
    await()
        .atMost(KafkaSite.LIMIT)
        .untilAsserted(
            () -> {
              String refusal = refusal();
              assertTrue(refusal.contains(because), refusal);
            });
  }

  private String refusal() {
    return assertThrows(IllegalStateException.class, check::require).getMessage();
  }

  private void set(ConfigResource.Type type, String name, String key, String value)
      throws Exception {
    site.admin()
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(type, name),
                List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))))
        .all()
        .get();
  }
}
