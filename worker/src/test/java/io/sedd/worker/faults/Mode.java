package io.sedd.worker.faults;

import java.util.List;
import org.apache.kafka.common.GroupType;

/** The delivery modes, and what each promises. */
enum Mode {
  /** One result for each job, whatever happens. */
  EXACTLY_ONCE("exactly-once", List.of()),
  /** At least one; de-duplicated by job id it is one. */
  SHARE_GROUP(
      "share-group", List.of("delivery.mode=share-group", "delivery.shareGroup.configure=true"));

  private final String key;
  private final List<String> settings;

  Mode(String key, List<String> settings) {
    this.key = key;
    this.settings = settings;
  }

  /** As it stands in the configuration. */
  String key() {
    return key;
  }

  /** What a worker's configuration says for it. */
  List<String> settings() {
    return settings;
  }

  GroupType groupType() {
    return this == SHARE_GROUP ? GroupType.SHARE : GroupType.CONSUMER;
  }

  boolean allowsDoubles() {
    return this == SHARE_GROUP;
  }

  static Mode of(String key) {
    for (Mode mode : values()) {
      if (mode.key.equals(key)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("'" + key + "' is no delivery mode");
  }
}
