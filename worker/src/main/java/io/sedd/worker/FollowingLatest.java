package io.sedd.worker;

import io.sedd.worker.reload.CheckpointControl;
import io.sedd.worker.reload.CheckpointWatcher;
import io.sedd.worker.reload.ReloadStatus;
import java.util.concurrent.CompletableFuture;

/** A watcher that takes no commands. */
record FollowingLatest(CheckpointWatcher watcher) implements CheckpointControl {

  @Override
  public CompletableFuture<Answer> reload() {
    return refused();
  }

  @Override
  public CompletableFuture<Answer> pin(String checkpoint) {
    return refused();
  }

  @Override
  public CompletableFuture<Answer> unpin() {
    return refused();
  }

  @Override
  public CompletableFuture<Answer> rollback() {
    return refused();
  }

  private static CompletableFuture<Answer> refused() {
    return CompletableFuture.completedFuture(
        new Answer.Refused("this worker follows LATEST and takes no command about checkpoints"));
  }

  @Override
  public ReloadStatus status() {
    return watcher.status();
  }
}
