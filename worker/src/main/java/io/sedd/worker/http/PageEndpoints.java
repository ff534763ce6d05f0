package io.sedd.worker.http;

import io.sedd.protocol.job.JobError;
import io.sedd.worker.page.LiveState;
import io.sedd.worker.page.PageJobs;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * The live page: its files, {@code /page/events} as server-sent events, {@code /page/state} as
 * JSON, and, where that is on, {@code /page/jobs}, which takes a job. Owned by the event loop.
 */
public final class PageEndpoints {

  private static final long SAMPLE_MILLIS = 1000;

  /** Of a job; more than a person writes into a form. */
  static final int JOB_BYTES = 16_384;

  private final LiveState state;
  private final Optional<PageJobs> jobs;
  private final Optional<PageGuard> guard;
  private final PageFiles files = PageFiles.read();
  private EventStreams streams;
  private Context context;

  /**
   * @param texts whether the page shows texts: then it answers under its own names alone
   * @param hosts names of the worker, beside its IP addresses and localhost
   * @param jobs takes jobs; empty where the page may send none
   */
  public PageEndpoints(
      LiveState state, boolean texts, List<String> hosts, Optional<PageJobs> jobs) {
    this.state = state;
    this.jobs = jobs;
    this.guard = texts ? Optional.of(new PageGuard(hosts)) : Optional.empty();
  }

  /** Begins to take samples; called once, on the event loop. */
  void start(Vertx vertx) {
    context = vertx.getOrCreateContext();
    streams = new EventStreams(vertx, state, EventStreams.Limits.USUAL);
    vertx.setPeriodic(SAMPLE_MILLIS, _ -> state.sample());
  }

  /** The page, for who asks for HTML. */
  HttpAnswer index() {
    return files.index();
  }

  void addTo(Routes routes) {
    files.answers().forEach((path, answer) -> routes.get(path, Endpoint.immediate(() -> answer)));
    routes
        .get("/page/events", guarded((request, _) -> streams.open(request)))
        .get(
            "/page/state",
            guarded((_, _) -> Future.succeededFuture(HttpAnswer.json(200, streams.summary()))))
        .post("/page/jobs", this::take);
  }

  private Endpoint guarded(Endpoint endpoint) {
    return (request, body) ->
        guard
            .flatMap(g -> g.refusal(request))
            .map(PageEndpoints::forbidden)
            .orElseGet(() -> endpoint.answer(request, body));
  }

  private static Future<HttpAnswer> forbidden(String why) {
    return Future.succeededFuture(HttpAnswer.error(403, why));
  }

  private Future<HttpAnswer> take(HttpServerRequest request, Buffer body) {
    if (jobs.isEmpty() || guard.isEmpty()) {
      return forbidden("this page takes no jobs; page.submit=true lets it");
    }
    return guard
        .get()
        .refusalOfChange(request)
        .map(PageEndpoints::forbidden)
        .orElseGet(
            () ->
                Future.fromCompletionStage(jobs.get().send(body.toString()), context)
                    .map(PageEndpoints::answer));
  }

  private static HttpAnswer answer(PageJobs.Answer answer) {
    return switch (answer) {
      case PageJobs.Answer.Sent(String id) -> HttpAnswer.json(202, new JsonObject().put("id", id));
      case PageJobs.Answer.NotSent(String why) -> HttpAnswer.error(503, why);
      case PageJobs.Answer.Refused(List<JobError> errors) -> {
        JsonArray all = new JsonArray();
        errors.forEach(
            e ->
                all.add(
                    new JsonObject()
                        .put("code", e.code().wireName())
                        .put("message", e.message())
                        .put("path", e.path())));
        yield HttpAnswer.json(422, new JsonObject().put("errors", all));
      }
    };
  }
}
