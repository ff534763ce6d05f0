package io.sedd.worker.delivery;

import static org.awaitility.Awaitility.await;

import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A worker that leaves its group waits for what runs, and for nothing else. */
@ExtendWith(BrokerExtension.class)
@SuppressWarnings("try") // closing a worker may be interrupted
class LeavingTest {

  private static final Duration FOR_EVER = Duration.ofDays(1);

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aJobThatFailedAndWaitsForItsNextStartIsLeftToOthersAtOnce(Mode mode, KafkaSite site)
      throws Exception {
    mode.prepare(site);
    site.send(Jobs.job("failing"));
    EchoWorker leaving = new EchoWorker(mode, site, "leaving", site.clients("leaving"), _ -> true);
    await()
        .atMost(KafkaSite.LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> leaving.hasStarted("failing"));
    leaving.fail("failing");
    leaving.stop(FOR_EVER);
    try (EchoWorker _ = new EchoWorker(mode, site, "other", site.clients("other"), _ -> false)) {
      OneResultEach.of(List.of(Jobs.job("failing")), site.awaitResults(1));
    }
  }
}
