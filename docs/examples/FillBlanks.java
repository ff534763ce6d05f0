import io.sedd.protocol.client.ClientOptions;
import io.sedd.protocol.client.SeddClient;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.JobTopics;
import io.sedd.protocol.job.Segment.Blank;
import io.sedd.protocol.job.Segment.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Sends three jobs at once and prints what comes back.
 *
 * <pre>
 * java -cp 'deploy/target/lib/*:deploy/src/main/resources' docs/examples/FillBlanks.java localhost:9092
 * </pre>
 */
final class FillBlanks {

  private FillBlanks() {}

  public static void main(String[] arguments) throws InterruptedException {
    ClientOptions options =
        ClientOptions.of(arguments[0])
            .withTopics(topics(arguments))
            .withMaxInFlight(100) // send() waits while so many are without a result
            .withTimeout(Duration.ofMinutes(2));
    try (SeddClient client = SeddClient.open(options)) {
      List<CompletableFuture<GenerationResult>> coming = new ArrayList<>();
      for (String begin : List.of("Once", "One day", "The dog")) {
        // a new id for each job: results are told apart by it
        String id = "example-" + UUID.randomUUID();
        GenerationJob job = JobDefaults.job(id, List.of(new Text(begin), new Blank(12)));
        coming.add(client.send(job));
      }
      for (CompletableFuture<GenerationResult> one : coming) {
        GenerationResult result = one.join();
        switch (result.outcome()) {
          case COMPLETED -> System.out.println(result.samples().getFirst().text());
          case FAILED -> System.out.println("failed: " + result.error().orElseThrow().message());
          case EXPIRED, CANCELLED -> System.out.println(result.outcome().wireName());
        }
      }
    }
  }

  /** The usual topics, or those of an installation of your own: a prefix as second argument. */
  private static JobTopics topics(String[] arguments) {
    if (arguments.length < 2) {
      return JobTopics.defaults();
    }
    String prefix = arguments[1];
    return new JobTopics(
        prefix + ".jobs",
        prefix + ".results",
        prefix + ".progress",
        prefix + ".control",
        prefix + ".dead-letters");
  }
}
