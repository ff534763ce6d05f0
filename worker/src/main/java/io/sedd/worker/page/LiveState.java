package io.sedd.worker.page;

import io.sedd.worker.denoising.BatchWatch;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.publishing.JobKind;
import io.sedd.worker.reload.ReloadStatus;
import io.sedd.worker.telemetry.JobWatch;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The state of the worker as those who look know it. {@link #whole} brings a newcomer to where the
 * others are; {@link #change} brings all of them on. Owned by the event loop; what the other
 * threads tell comes through {@link #batch}, {@link #jobs} and {@link #checkpoints}.
 */
public final class LiveState {

  /** Rows of the table of waiting jobs; the rest is a number. */
  private static final int WAITING_ROWS = 12;

  private final boolean texts;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Notices notices;
  private final EndedJobs ended;
  private final CheckpointHistory history;
  private final BatchSights sights = new BatchSights();
  private final LaneBoard lanes;
  private final Rates rates;
  private Optional<WorkerFacts> facts = Optional.empty();

  // what was last told
  private JsonObject sizes = new JsonObject();
  private JsonArray waiting = new JsonArray();
  private JsonObject checkpoint = new JsonObject();
  private String phase = "starting";
  private long lastEnded;
  private long lastNotice;
  private boolean sampled;

  /**
   * Nothing is known yet.
   *
   * @param texts whether job ids, prompts and texts may be shown
   * @param nanos a clock for durations
   */
  public LiveState(boolean texts, Clock clock, LongSupplier nanos) {
    this.texts = texts;
    this.clock = clock;
    this.nanos = nanos;
    this.notices = new Notices(clock);
    this.ended = new EndedJobs(texts, notices, clock);
    this.history = new CheckpointHistory(notices, clock);
    this.lanes = new LaneBoard(texts);
    this.rates = new Rates(nanos.getAsLong());
  }

  /** To be told of the batch of one more device. */
  public BatchWatch batch() {
    return sights.another();
  }

  /** To be told of jobs. */
  public JobWatch jobs() {
    return ended;
  }

  /** To be told of checkpoints. */
  public Consumer<ReloadStatus> checkpoints() {
    return history;
  }

  /** Where all else is asked; before the first {@link #change}. */
  public void ask(WorkerFacts worker) {
    facts = Optional.of(worker);
  }

  private WorkerFacts worker() {
    return facts.orElseThrow(() -> new IllegalStateException("the worker has not started yet"));
  }

  /** Once a second, whether somebody looks or not: throughput has a past. */
  public void sample() {
    rates.sample(nanos.getAsLong(), sights.sums(), ended.ended(), worker().fill());
    sampled = true;
    if (!phase.equals(worker().phase())) {
      phase = worker().phase();
      notices.add(Notice.Kind.WORKER, "The worker is " + phase);
    }
  }

  /** All there is to know, as far as those who look know it, without the lanes. */
  public JsonObject summary() {
    return new JsonObject()
        .put("about", worker().about())
        .put("t", clock.millis())
        .put("phase", phase)
        .put("sizes", sizes)
        .put("rates", rates.all())
        .put("waiting", waiting)
        .put("checkpoint", checkpoint)
        .put("ended", array(upTo(ended.after(0), lastEnded)))
        .put("notices", noticesUpTo(lastNotice));
  }

  /** All of it. */
  public JsonObject whole() {
    return summary().put("lanes", lanes.whole());
  }

  private static List<EndedJob> upTo(List<EndedJob> jobs, long number) {
    return jobs.stream().filter(job -> job.number() <= number).toList();
  }

  private JsonArray noticesUpTo(long number) {
    JsonArray told = new JsonArray();
    notices.after(0).stream()
        .filter(notice -> notice.number() <= number)
        .forEach(notice -> told.add(notice.toJson()));
    return told;
  }

  /**
   * Looks at the worker; what is news since the last call. Asks the step loop for a view, which the
   * next call tells. Empty, but for the time, if nothing is news.
   */
  public JsonObject change() {
    JsonObject news = new JsonObject().put("t", clock.millis());
    JsonObject nowSizes = worker().sizes().mergeIn(ended.counts());
    if (!nowSizes.equals(sizes)) {
      sizes = nowSizes;
      news.put("sizes", sizes);
    }
    JsonArray nowWaiting = rows(worker().waiting(WAITING_ROWS));
    if (!nowWaiting.equals(waiting)) {
      waiting = nowWaiting;
      news.put("waiting", waiting);
    }
    JsonObject nowCheckpoint = history.toJson();
    if (!nowCheckpoint.equals(checkpoint)) {
      checkpoint = nowCheckpoint;
      news.put("checkpoint", checkpoint);
    }
    JsonObject nowLanes = lanes.change(sights.view());
    if (!nowLanes.isEmpty()) {
      news.put("lanes", nowLanes);
    }
    sights.ask();
    if (sampled) {
      sampled = false;
      news.put("rate", rates.newest()).put("phase", phase);
    }
    tellOfEnds(news);
    return news;
  }

  private void tellOfEnds(JsonObject news) {
    List<EndedJob> newlyEnded = ended.after(lastEnded);
    if (!newlyEnded.isEmpty()) {
      lastEnded = newlyEnded.getLast().number();
      news.put("ended", array(newlyEnded));
    }
    List<Notice> newly = notices.after(lastNotice);
    if (!newly.isEmpty()) {
      lastNotice = newly.getLast().number();
      JsonArray told = new JsonArray();
      newly.forEach(notice -> told.add(notice.toJson()));
      news.put("notices", told);
    }
  }

  private static JsonArray array(List<EndedJob> jobs) {
    JsonArray array = new JsonArray();
    jobs.forEach(job -> array.add(job.toJson()));
    return array;
  }

  private JsonArray rows(List<Delivery> deliveries) {
    JsonArray rows = new JsonArray();
    for (Delivery delivery : deliveries) {
      JsonObject row =
          new JsonObject()
              .put("kind", JobKind.of(delivery.job()).label())
              .put("samples", delivery.job().samples())
              .put("steps", delivery.job().steps())
              .put("length", delivery.length())
              .put("priority", delivery.job().priority())
              .put("since", delivery.arrival().toEpochMilli());
      rows.add(texts ? row.put("job", delivery.job().id()) : row);
    }
    return rows;
  }
}
