package io.sedd.worker.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opentelemetry.api.OpenTelemetry;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.RecordPosition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobSpansTest {

  @Test
  void whereNothingRecordsNothingIsKept() {
    JobSpans spans = new JobSpans(OpenTelemetry.noop(), "jobs");
    Delivery delivery =
        new Delivery(
            new RecordPosition(0, 1, 1), Jobs.job("job"), 8, 1, Instant.EPOCH, Instant.EPOCH);
    spans.accepted(delivery);
    spans.started(List.of(delivery));
    assertEquals(0, spans.open());
  }
}
