package io.sedd.worker.intake;

/**
 * How a source is doing.
 *
 * @param phase what it does
 * @param detail one sentence for a person
 */
public record SourceState(Phase phase, String detail) {

  /** What a source does. */
  public enum Phase {
    /** Not started. */
    IDLE,
    /** Takes and settles jobs. */
    RUNNING,
    /** Cannot settle jobs for now; keeps their results and tries again. */
    TROUBLED,
    /** Ended in an orderly way. */
    STOPPED,
    /** Ended by a fault that trying again does not mend. */
    FAILED
  }
}
