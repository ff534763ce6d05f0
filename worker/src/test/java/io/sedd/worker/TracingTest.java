package io.sedd.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobCodec;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.sedd.worker.delivery.Jobs;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a tracing back end sees of a worker. */
@ExtendWith(BrokerExtension.class)
class TracingTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SENDER = "00f067aa0ba902b7";

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

  @Test
  void aJobIsAConsumerSpanOfItsSendersTraceLinkedToTheBatchItStartedIn(
      KafkaSite site, @TempDir Path checkpoints) throws Exception {
    TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "first", 1);
    try (OpenTelemetrySdk sdk = sdk();
        Worker _ =
            Worker.start(
                RunningWorker.configuration(site, checkpoints),
                "traced",
                site.clients("traced"),
                sdk)) {
      send(site, Jobs.job("traced"));
      site.send(Jobs.job("untraced"));
      site.awaitResults(2);
      SpanData span = awaitSpan("traced");
      assertEquals("process " + site.topics().jobs(), span.getName());
      assertEquals(SpanKind.CONSUMER, span.getKind());
      assertEquals(TRACE, span.getTraceId());
      assertEquals(SENDER, span.getParentSpanId());
      assertEquals("kafka", attribute(span, "messaging.system"));
      assertEquals("completed", attribute(span, "sedd.job.outcome"));
      assertEquals("first", attribute(span, "sedd.checkpoint"));
      assertEquals(StatusCode.UNSET, span.getStatus().getStatusCode());

      String batch = span.getLinks().getFirst().getSpanContext().getSpanId();
      SpanData together =
          exporter.getFinishedSpanItems().stream()
              .filter(other -> other.getSpanId().equals(batch))
              .findFirst()
              .orElseThrow();
      assertEquals("start batch", together.getName());
      assertTrue(
          together.getAttributes().get(AttributeKey.longKey("messaging.batch.message_count")) >= 1);

      SpanData own = awaitSpan("untraced");
      assertEquals("0000000000000000", own.getParentSpanId());
      assertTrue(!own.getTraceId().equals(TRACE));
    }
  }

  @Test
  void aJobThatIsGivenBackEndsItsSpanToo(KafkaSite site, @TempDir Path checkpoints)
      throws Exception {
    TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "first", 1);
    try (OpenTelemetrySdk sdk = sdk()) {
      try (Worker worker =
          Worker.start(
              RunningWorker.configuration(site, checkpoints, "delivery.stopLimit=0s"),
              "traced",
              site.clients("traced"),
              sdk)) {
        site.send(Jobs.withSamples(Jobs.withSteps(Jobs.job("endless"), 4096), 64));
        await()
            .atMost(KafkaSite.LIMIT)
            .until(() -> worker.metrics().value(io.sedd.worker.metrics.Metric.JOBS_IN_FLIGHT) == 1);
        worker.drain();
        worker.drained().join();
      }
      assertEquals("given back", attribute(awaitSpan("endless"), "sedd.job.outcome"));
    }
  }

  private OpenTelemetrySdk sdk() {
    return OpenTelemetrySdk.builder()
        .setTracerProvider(
            SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build())
        .build();
  }

  private static void send(KafkaSite site, GenerationJob job) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(site.topics().jobs(), job.id().getBytes(UTF_8), JobCodec.encode(job));
    record.headers().add("traceparent", ("00-" + TRACE + "-" + SENDER + "-01").getBytes(UTF_8));
    try (Producer<byte[], byte[]> producer = site.clients("sender").plainProducer()) {
      var _ = producer.send(record);
    }
  }

  private SpanData awaitSpan(String job) {
    return await()
        .atMost(KafkaSite.LIMIT)
        .until(
            () ->
                exporter.getFinishedSpanItems().stream()
                    .filter(span -> job.equals(attribute(span, "sedd.job.id")))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static String attribute(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.stringKey(key));
  }
}
