package io.sedd.protocol.job;

/**
 * The headers of a record in the dead-letter topic, all UTF-8 text. The record's value is the
 * original one, byte for byte.
 */
public enum DeadLetterHeader {
  /** Topic that the record came from. */
  ORIGINAL_TOPIC("sedd.original.topic"),
  /** Its partition, decimal. */
  ORIGINAL_PARTITION("sedd.original.partition"),
  /** Its offset, decimal. */
  ORIGINAL_OFFSET("sedd.original.offset"),
  /** Its timestamp, milliseconds since 1970, decimal. */
  ORIGINAL_TIMESTAMP("sedd.original.timestamp"),
  /** Its key; absent where it had none. */
  ORIGINAL_KEY("sedd.original.key"),
  /**
   * Which start of its job would have been next, decimal; 1 for a record that was never started.
   */
  ATTEMPT("sedd.attempt"),
  /** {@link JobError.Code#wireName()} of the reason. */
  ERROR_CODE("sedd.error.code"),
  /** {@link JobError#message()} of the reason. */
  ERROR_MESSAGE("sedd.error.message"),
  /** {@link JobError#path()} of the reason. */
  ERROR_PATH("sedd.error.path"),
  /** Name of the worker that gave the record up. */
  WORKER("sedd.worker"),
  /** When it did, ISO 8601 in UTC. */
  TIME("sedd.time");

  private final String key;

  DeadLetterHeader(String key) {
    this.key = key;
  }

  /** The header's key in the record. */
  public String key() {
    return key;
  }
}
