package io.sedd.worker.http;

import io.sedd.worker.reload.CheckpointControl;
import io.vertx.core.json.JsonObject;

/**
 * What an operator may tell a worker. Thread-safe; no call blocks; every command may be given again
 * and then changes nothing.
 */
public interface WorkerControl {

  /** Begins to leave; true if that was news. */
  boolean drain();

  /** Starts no further job; true if that was news. */
  boolean pause();

  /** Starts jobs again; true if that was news. */
  boolean resume();

  /** The checkpoints. */
  CheckpointControl checkpoints();

  /** One word: what the worker is doing. */
  String phase();

  /** All there is to know about the worker. */
  JsonObject state();
}
