package io.sedd.worker;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for Vert.x on a thread that is not its own. */
final class VertxAnswers {

  private static final int SECONDS = 30;

  private VertxAnswers() {}

  /**
   * Waits.
   *
   * @throws IllegalStateException with the reason if it failed, or gave no answer in time
   */
  static <T> T await(Future<T> future) throws InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("Vert.x did not answer within " + SECONDS + " s", e);
    }
  }
}
