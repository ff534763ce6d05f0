package io.sedd.worker.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.Segment;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.delivery.Jobs;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** Jobs of every fate, in an order that a seed fixes. */
final class SoakLoad {

  /** Several of these in a row end the process that steps them; no other job has them. */
  static final char DEADLY_TOKEN = '~';

  private final FaultSite site;
  private final SplittableRandom random;
  private int number;

  SoakLoad(FaultSite site, SplittableRandom random) {
    this.site = site;
    this.random = random;
  }

  /** Sends some. */
  void send(int count) {
    KafkaSite kafka = site.kafka();
    for (int i = 0; i < count; i++) {
      String id = "job-" + number++;
      switch (random.nextInt(20)) {
        case 0 ->
            site.feed()
                .send(
                    Jobs.withDeadline(job(id), Instant.now().plusMillis(random.nextInt(20_000))),
                    Fate.MAY_EXPIRE);
        case 1 -> {
          site.feed().send(job(id), Fate.MAY_BE_CANCELLED);
          kafka.cancel(id);
        }
        case 2 -> site.feed().send(id, refused(id), Fate.IS_REFUSED);
        case 3 -> site.feed().send(id, "no json".getBytes(UTF_8), Fate.IS_UNREADABLE);
        default -> site.feed().send(job(id), Fate.COMPLETES);
      }
    }
    site.feed().awaitTaken();
  }

  /** Sends one that ends every process that starts it. */
  void sendDeadly() {
    String id = "deadly-" + number++;
    site.feed()
        .send(
            Jobs.withSteps(
                JobDefaults.job(
                    id,
                    List.of(
                        new Segment.Text(
                            String.valueOf(DEADLY_TOKEN).repeat(FaultyProvider.DEADLY_ROW)),
                        new Segment.Blank(3))),
                4),
            Fate.IS_DEADLY);
    site.feed().awaitTaken();
  }

  private GenerationJob job(String id) {
    GenerationJob job =
        JobDefaults.job(
            id, List.of(new Segment.Text("x"), new Segment.Blank(1 + random.nextInt(24))));
    return Jobs.withPriority(
        Jobs.withSamples(Jobs.withSteps(job, 1 + random.nextInt(12)), 1 + random.nextInt(2)),
        1 + random.nextInt(9));
  }

  private static byte[] refused(String id) {
    return ("{\"id\":\"" + id + "\",\"template\":[{\"blank\":3}],\"steps\":0}").getBytes(UTF_8);
  }
}
