package io.sedd.worker.reload;

import java.util.concurrent.CompletableFuture;

/**
 * What an operator may tell the part that serves checkpoints. Thread-safe; no call blocks: the
 * answer comes when the checkpoint is served or refused, which takes as long as loading it does.
 *
 * <p>One command or reload at a time: others wait their turn. All are idempotent: told again, they
 * answer that it is so and change nothing.
 */
public interface CheckpointControl {

  /** What came of a command. */
  sealed interface Answer {

    /**
     * It is as was asked.
     *
     * @param checkpoint that new jobs start on now
     * @param changed false if that was so before
     */
    record Serves(String checkpoint, boolean changed) implements Answer {}

    /**
     * Nothing was changed.
     *
     * @param why one sentence: what is wrong and what to do
     */
    record Refused(String why) implements Answer {}
  }

  /** Looks at LATEST now, and tries again what was refused. Refused while pinned. */
  CompletableFuture<Answer> reload();

  /** Serves this checkpoint and no other, whatever LATEST names, until {@link #unpin}. */
  CompletableFuture<Answer> pin(String checkpoint);

  /** Follows LATEST again. */
  CompletableFuture<Answer> unpin();

  /**
   * Goes back to the checkpoint that was served before the present one, and stays there until
   * LATEST names another than it does now, or {@link #unpin}. While a candidate is tried it ends
   * the trial and refuses the candidate.
   */
  CompletableFuture<Answer> rollback();

  /** Where reloading stands. */
  ReloadStatus status();
}
