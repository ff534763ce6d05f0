package io.sedd.trainer.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.trainer.evaluation.BoundEstimate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrometheusEndpointTest {

  private static String get(PrometheusEndpoint endpoint) throws IOException, InterruptedException {
    URI metrics = URI.create("http://localhost:" + endpoint.port() + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString());
      assertEquals(200, response.statusCode());
      return response.body();
    }
  }

  @Test
  void theRunsFiguresAreShown() throws IOException, InterruptedException {
    try (PrometheusEndpoint endpoint = new PrometheusEndpoint(0, () -> Instant.ofEpochSecond(9))) {
      endpoint.started(3);
      endpoint.stepTaken(new StepReport(4, 50, 1.5, 0.25, 1e-3, 32));
      endpoint.stepTaken(new StepReport(5, 50, 1.25, 0.25, 1e-3, 32));
      endpoint.evaluated(5, new BoundEstimate(2.5, 0.25, 10, 80, 0));
      endpoint.published(5, "step-00000005");
      String text = get(endpoint);
      List<String> expected =
          List.of(
              "sedd_training_step 5.0",
              "sedd_training_tokens_total 64.0",
              "sedd_training_loss_nats_per_token 1.25",
              "sedd_training_last_step_timestamp_seconds 9.0",
              "sedd_training_held_out_nats_per_token 2.5",
              "sedd_training_checkpoints_total 1.0",
              "jvm_memory_bytes_used");
      for (String line : expected) {
        assertTrue(text.contains(line), line + " is not in: " + text);
      }
    }
  }

  @Test
  void aPortThatIsTakenIsAnErrorThatNamesTheOption() {
    try (PrometheusEndpoint one = new PrometheusEndpoint(0, Instant::now)) {
      var failure =
          assertThrows(
              UncheckedIOException.class, () -> new PrometheusEndpoint(one.port(), Instant::now));
      assertTrue(failure.getMessage().contains("--metrics-port"), failure.getMessage());
    }
  }
}
