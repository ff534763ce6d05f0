package io.sedd.worker.reload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The thread that loads checkpoints: looks at intervals for another latest one, and does what the
 * operator says in between. One thread, hence one reload at a time, whoever asked for it.
 */
public final class CheckpointWatcher implements CheckpointControl, AutoCloseable {

  /** Commands that may wait: more than a person gives while one checkpoint loads. */
  private static final int MOST_WAITING = 16;

  private sealed interface Order {
    record Look() implements Order {}

    record Reload() implements Order {}

    record Pin(String checkpoint) implements Order {}

    record Unpin() implements Order {}

    record Rollback() implements Order {}
  }

  private record Command(Order order, CompletableFuture<Answer> answer) {}

  private final Reloading reloading;
  private final Duration interval;
  private final Thread thread;

  /** From any thread to the watching one. */
  private final BlockingQueue<Command> commands = new ArrayBlockingQueue<>(MOST_WAITING);

  private volatile boolean closing;

  /** A watcher that runs. */
  public CheckpointWatcher(Reloading reloading, Duration interval) {
    this.reloading = reloading;
    this.interval = interval;
    this.thread = Thread.ofPlatform().name("sedd-reload").start(this::watch);
  }

  /** Done when the first checkpoint is being served. */
  public CompletableFuture<Void> first() {
    return reloading.first();
  }

  /** Looks at LATEST before the interval has passed, as somebody says that it has changed. */
  public void lookSoon() {
    // where commands wait already, one of them or the next interval looks
    var _ = commands.offer(new Command(new Order.Look(), new CompletableFuture<>()));
  }

  @Override
  public CompletableFuture<Answer> reload() {
    return order(new Order.Reload());
  }

  @Override
  public CompletableFuture<Answer> pin(String checkpoint) {
    return order(new Order.Pin(checkpoint));
  }

  @Override
  public CompletableFuture<Answer> unpin() {
    return order(new Order.Unpin());
  }

  @Override
  public CompletableFuture<Answer> rollback() {
    return order(new Order.Rollback());
  }

  @Override
  public ReloadStatus status() {
    return reloading.status();
  }

  private CompletableFuture<Answer> order(Order order) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    if (!commands.offer(new Command(order, answer))) {
      answer.complete(
          new Answer.Refused(
              MOST_WAITING + " commands wait already; say it again when a checkpoint has loaded"));
    }
    if (closing) {
      refuseWaiting();
    }
    return answer;
  }

  private void watch() {
    try {
      reloading.look();
      while (!closing) {
        Command next = commands.poll(interval.toNanos(), TimeUnit.NANOSECONDS);
        if (next == null) {
          reloading.look();
        } else {
          next.answer().complete(obey(next.order()));
        }
      }
    } catch (InterruptedException _) {
      // closing
    }
    refuseWaiting();
  }

  private Answer obey(Order order) throws InterruptedException {
    return switch (order) {
      case Order.Look _ -> {
        reloading.look();
        yield new Answer.Serves(status().serving().orElse(""), false);
      }
      case Order.Reload _ -> reloading.reload();
      case Order.Pin(String checkpoint) -> reloading.pin(checkpoint);
      case Order.Unpin _ -> reloading.unpin();
      case Order.Rollback _ -> reloading.rollback();
    };
  }

  private void refuseWaiting() {
    List<Command> waiting = new ArrayList<>();
    commands.drainTo(waiting);
    waiting.forEach(c -> c.answer().complete(new Answer.Refused("the worker is stopping")));
  }

  @Override
  public void close() {
    closing = true;
    // a reload that is going on may wait for a denoising loop that has ended
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    refuseWaiting();
  }
}
