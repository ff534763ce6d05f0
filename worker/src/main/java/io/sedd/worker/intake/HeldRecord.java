package io.sedd.worker.intake;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record in hand and how far it has come. Owned by the intake's thread. */
final class HeldRecord {

  private ConsumerRecord<byte[], byte[]> record;
  private final int firstAttempt;
  private int attempt;
  private boolean started;
  private boolean settled;
  private boolean withdrawn;

  HeldRecord(ConsumerRecord<byte[], byte[]> record, int attempt) {
    this.record = record;
    this.firstAttempt = attempt;
    this.attempt = attempt;
  }

  ConsumerRecord<byte[], byte[]> record() {
    return record;
  }

  /** Puts the record as it was delivered again, under a new lock, in the place of the old one. */
  void renew(ConsumerRecord<byte[], byte[]> again) {
    record = again;
  }

  /** Bytes of key and value. */
  int bytes() {
    return Math.max(record.serializedKeySize(), 0) + Math.max(record.serializedValueSize(), 0);
  }

  /** Which start of its job is the present or next one, from 1. */
  int attempt() {
    return attempt;
  }

  /** Starts without an end before this worker had it: what is to be noted if it is given back. */
  int startsBefore() {
    return firstAttempt - 1;
  }

  void start(int nowAttempt) {
    attempt = nowAttempt;
    started = true;
  }

  void settle() {
    settled = true;
  }

  boolean isSettled() {
    return settled;
  }

  /** Its job is not here any more; it failed before, or never ran. */
  void withdraw() {
    withdrawn = true;
  }

  boolean running() {
    return started && !settled;
  }

  /** Whether an end is to be waited for. */
  boolean mayEnd() {
    return running() && !withdrawn;
  }
}
