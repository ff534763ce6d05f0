package io.sedd.worker;

import io.sedd.worker.http.WorkerControl;
import io.sedd.worker.reload.CheckpointControl;
import io.sedd.worker.scheduling.JobScheduler;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker as its operator sees it. Phases: {@code starting}, {@code serving}, {@code paused},
 * {@code draining}, {@code drained}, {@code failed}.
 *
 * @param firstCheckpoint done when jobs are taken
 * @param failure done when the worker cannot go on
 * @param details everything else about the worker, made anew at each call
 */
record OperatorControl(
    JobScheduler scheduler,
    Departure departure,
    CheckpointControl checkpoints,
    CompletableFuture<Void> firstCheckpoint,
    CompletableFuture<Throwable> failure,
    Supplier<JsonObject> details)
    implements WorkerControl {

  private static final Logger log = LoggerFactory.getLogger(OperatorControl.class);

  @Override
  public boolean drain() {
    return departure.begin();
  }

  @Override
  public boolean pause() {
    return said("paused: running jobs end, no other is started", scheduler.pause());
  }

  @Override
  public boolean resume() {
    return said("resumed", scheduler.resume());
  }

  private static boolean said(String what, boolean changed) {
    if (changed) {
      log.info(what);
    }
    return changed;
  }

  @Override
  public String phase() {
    if (failure.isDone()) {
      return "failed";
    }
    if (departure.begun()) {
      return departure.done().isDone() ? "drained" : "draining";
    }
    if (!firstCheckpoint.isDone()) {
      return "starting";
    }
    return scheduler.paused() ? "paused" : "serving";
  }

  @Override
  public JsonObject state() {
    JsonObject state = new JsonObject().put("state", phase());
    if (failure.isDone()) {
      state.put("failure", failure.join().toString());
    }
    return state.mergeIn(details.get());
  }
}
