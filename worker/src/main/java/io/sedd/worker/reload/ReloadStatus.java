package io.sedd.worker.reload;

import java.util.Optional;

/**
 * Where reloading stands.
 *
 * @param serving name of the checkpoint that new jobs start on, if there is one
 * @param refused what is wrong with the one that is named latest, if it is refused
 * @param pinned name of the checkpoint that an operator holds the worker to, if any
 * @param previous name of the checkpoint that a rollback would go back to, if any
 */
public record ReloadStatus(
    Optional<String> serving,
    Optional<String> refused,
    Optional<String> pinned,
    Optional<String> previous) {

  /** Following LATEST, with nothing to go back to. */
  public ReloadStatus(Optional<String> serving, Optional<String> refused) {
    this(serving, refused, Optional.empty(), Optional.empty());
  }
}
