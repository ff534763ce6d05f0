package io.sedd.protocol.job;

/**
 * Headers that the replay of dead letters sets, all UTF-8 text. A replay is two records of one
 * transaction: the job, back in its topic, and a mark in the dead-letter topic, in the same
 * partition as the dead letter, with its key and no value.
 */
public enum ReplayHeader {
  /** Of a job that was replayed: how often, decimal, from 1. */
  ATTEMPT("sedd.replay"),
  /** Of a mark: offset of the dead letter that was replayed, decimal. */
  REPLAYED_OFFSET("sedd.replayed.offset");

  private final String key;

  ReplayHeader(String key) {
    this.key = key;
  }

  /** The header's key in the record. */
  public String key() {
    return key;
  }
}
