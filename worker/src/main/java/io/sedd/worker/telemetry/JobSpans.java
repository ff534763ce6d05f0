package io.sedd.worker.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.publishing.Settlement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A consumer span for each job, from its arrival to its end: a child of the span that sent the job,
 * where its record names one (W3C headers), and linked to a span of the batch that it was started
 * in. Names are those of OpenTelemetry's messaging conventions.
 *
 * <p>Needs OpenTelemetry's API alone. Where no SDK is installed no span records, and nothing is
 * kept here.
 */
public final class JobSpans implements JobWatch {

  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
  private static final AttributeKey<String> OPERATION =
      AttributeKey.stringKey("messaging.operation.type");
  private static final AttributeKey<String> TOPIC =
      AttributeKey.stringKey("messaging.destination.name");
  private static final AttributeKey<String> PARTITION =
      AttributeKey.stringKey("messaging.destination.partition.id");
  private static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
  private static final AttributeKey<Long> BATCH =
      AttributeKey.longKey("messaging.batch.message_count");
  private static final AttributeKey<String> JOB = AttributeKey.stringKey("sedd.job.id");
  private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("sedd.job.attempt");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("sedd.job.outcome");
  private static final AttributeKey<String> CHECKPOINT = AttributeKey.stringKey("sedd.checkpoint");
  private static final AttributeKey<Long> EVALUATIONS =
      AttributeKey.longKey("sedd.network.evaluations");

  private final Tracer tracer;
  private final String topic;

  /** The jobs in hand whose spans record. */
  private final Map<RecordPosition, Span> open = new ConcurrentHashMap<>();

  /** Spans of jobs from one topic. */
  public JobSpans(OpenTelemetry telemetry, String topic) {
    this.tracer = telemetry.getTracer("io.sedd.worker");
    this.topic = topic;
  }

  @Override
  public void accepted(Delivery delivery) {
    RecordPosition position = delivery.position();
    Span span =
        tracer
            .spanBuilder("process " + topic)
            .setSpanKind(SpanKind.CONSUMER)
            .setParent(sender(delivery))
            .setStartTimestamp(delivery.arrival())
            .startSpan();
    if (!span.isRecording()) {
      return;
    }
    span.setAttribute(SYSTEM, "kafka")
        .setAttribute(OPERATION, "process")
        .setAttribute(TOPIC, topic)
        .setAttribute(PARTITION, String.valueOf(position.partition()))
        .setAttribute(OFFSET, position.offset())
        .setAttribute(JOB, delivery.job().id());
    open.put(position, span);
  }

  private static Context sender(Delivery delivery) {
    return delivery.trace().fields().isEmpty()
        ? Context.root()
        : W3CTraceContextPropagator.getInstance()
            .extract(Context.root(), delivery.trace().fields(), Headers.GETTER);
  }

  @Override
  public void started(List<Delivery> batch) {
    if (open.isEmpty()) {
      return;
    }
    Span together = tracer.spanBuilder("start batch").setNoParent().startSpan();
    together.setAttribute(BATCH, (long) batch.size());
    for (Delivery delivery : batch) {
      open.computeIfPresent(
          delivery.position(),
          (_, span) -> {
            span.addLink(together.getSpanContext());
            return span.setAttribute(ATTEMPT, (long) delivery.attempt()).addEvent("started");
          });
    }
    together.end();
  }

  @Override
  public void settled(RecordPosition position, Settlement settlement) {
    Span span = open.remove(position);
    if (span == null) {
      return;
    }
    switch (settlement) {
      case Settlement.Ended(GenerationResult result, _) -> {
        span.setAttribute(OUTCOME, result.outcome().wireName())
            .setAttribute(EVALUATIONS, result.networkEvaluations());
        result.checkpoint().ifPresent(by -> span.setAttribute(CHECKPOINT, by.name()));
        result.error().ifPresent(e -> span.setStatus(StatusCode.ERROR, e.code().wireName()));
      }
      case Settlement.Refused(var error, _) ->
          span.setStatus(StatusCode.ERROR, error.code().wireName());
      case Settlement.SentAgain _ -> span.setAttribute(OUTCOME, "sent again");
    }
    span.end();
  }

  @Override
  public void withdrawn(Predicate<RecordPosition> gone) {
    giveBack(gone);
  }

  @Override
  public void abandoned(Predicate<RecordPosition> gone) {
    giveBack(gone);
  }

  /** Jobs in hand whose spans record. */
  int open() {
    return open.size();
  }

  private void giveBack(Predicate<RecordPosition> gone) {
    open.forEach(
        (position, span) -> {
          if (gone.test(position) && open.remove(position, span)) {
            span.setAttribute(OUTCOME, "given back").end();
          }
        });
  }

  /** The W3C headers of a record, as the propagator wants to see them. */
  private enum Headers implements TextMapGetter<Map<String, String>> {
    GETTER;

    @Override
    public Iterable<String> keys(Map<String, String> headers) {
      return headers.keySet();
    }

    @Override
    public String get(Map<String, String> headers, String name) {
      return headers == null ? null : headers.get(name);
    }
  }
}
