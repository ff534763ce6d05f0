package io.sedd.launcher.scaling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import kafka.server.KafkaConfig;
import org.junit.jupiter.api.Test;

/** The defaults that the page speaks of are those of the broker on the class path. */
class BrokerSettingsTest {

  @Test
  void theDefaultsAreTheBrokersOwn() {
    Map<String, Object> defaults = KafkaConfig.configDef().defaultValues();
    BrokerSettings settings = BrokerSettings.DEFAULTS;
    assertEquals(defaults.get("group.share.max.size"), settings.shareGroupMembers());
    assertEquals(defaults.get("group.share.partition.max.record.locks"), settings.recordLocks());
    assertEquals(defaults.get("group.share.max.share.sessions"), settings.shareSessions());
    for (String kind : new String[] {"consumer", "share"}) {
      assertEquals(
          defaults.get("group." + kind + ".heartbeat.interval.ms"),
          (int) (1000 * settings.heartbeatSeconds()));
      assertEquals(
          defaults.get("group." + kind + ".assignment.interval.ms"),
          (int) (1000 * settings.planningSeconds()));
    }
  }

  @Test
  void theLargestValuesAreThoseThatTheBrokerAllows() {
    var keys = KafkaConfig.configDef().configKeys();
    assertEquals("[1,...,1000]", keys.get("group.share.max.size").validator.toString());
    assertEquals(
        "[100,...,10000]", keys.get("group.share.partition.max.record.locks").validator.toString());
    assertEquals(1000, BrokerSettings.LARGEST.shareGroupMembers());
    assertEquals(10_000, BrokerSettings.LARGEST.recordLocks());
  }

  @Test
  void aNewMemberWaitsForHeartbeatsAndInAConsumerGroupForDrains() {
    assertEquals(16, new JoinTime(5, 1, 20).mean());
    assertEquals(31, new JoinTime(5, 1, 20).worst());
    assertEquals(3.5, new JoinTime(5, 1, 0).mean());
  }
}
