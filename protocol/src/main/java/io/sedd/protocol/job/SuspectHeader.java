package io.sedd.protocol.job;

/**
 * Headers of a job that the workers of a share group sent again, all UTF-8 text: it was delivered
 * twice and not finished, and so may have ended its workers. Only workers set them.
 */
public enum SuspectHeader {
  /** How often it was started alone without an end, decimal. */
  LONE_STARTS("sedd.lone.starts"),
  /** Partition of the record that its sender wrote, decimal. */
  FIRST_PARTITION("sedd.first.partition"),
  /** Its offset, decimal. */
  FIRST_OFFSET("sedd.first.offset"),
  /** Its timestamp, milliseconds since 1970, decimal. */
  FIRST_TIMESTAMP("sedd.first.timestamp");

  private final String key;

  SuspectHeader(String key) {
    this.key = key;
  }

  /** The header's key in the record. */
  public String key() {
    return key;
  }
}
