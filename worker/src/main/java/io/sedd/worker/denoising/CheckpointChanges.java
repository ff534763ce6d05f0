package io.sedd.worker.denoising;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Changes of the rack on their way from other threads to the denoising one, which makes them
 * between two steps.
 */
final class CheckpointChanges {

  private record Change(Consumer<CheckpointRack> what, CompletableFuture<Void> done) {}

  private final Queue<Change> waiting = new ConcurrentLinkedQueue<>();

  /** Any thread: orders a change; done when the next job starts by it, or with what it threw. */
  CompletableFuture<Void> order(Consumer<CheckpointRack> what) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    waiting.add(new Change(what, done));
    return done;
  }

  /**
   * The denoising thread: makes what was ordered.
   *
   * @param made called after each, before its future is done
   */
  void make(CheckpointRack rack, Runnable made) {
    for (Change change = waiting.poll(); change != null; change = waiting.poll()) {
      try {
        change.what().accept(rack);
      } catch (IllegalStateException e) {
        change.done().completeExceptionally(e);
        continue;
      }
      made.run();
      change.done().complete(null);
    }
  }
}
