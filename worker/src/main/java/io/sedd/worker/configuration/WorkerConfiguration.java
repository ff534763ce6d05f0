package io.sedd.worker.configuration;

import io.sedd.diffusion.backend.Precision;
import io.sedd.protocol.configuration.ConfigurationReader;
import io.sedd.protocol.configuration.ConfigurationSources;
import io.sedd.protocol.configuration.LauncherVariables;
import io.sedd.protocol.job.JobTopics;
import io.sedd.worker.canary.CanarySettings;
import io.sedd.worker.logging.LogFormat;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that a worker can be told.
 *
 * @param name of this worker in results and client ids, unique among those that live at the same
 *     time; made of host and process where absent
 * @param kafka any property of Kafka's clients
 * @param topics names of the topics
 * @param group the consumer group that shares the jobs
 */
public record WorkerConfiguration(
    Optional<String> name,
    Map<String, String> kafka,
    JobTopics topics,
    String group,
    Checkpoints checkpoints,
    Device backend,
    Batch batch,
    Queue queue,
    Delivery delivery,
    Progress progress,
    Http http,
    Page page,
    Admin admin,
    Logging logging,
    Limits limits) {

  /**
   * Where weights come from.
   *
   * @param folder of the checkpoints, with a file LATEST in it; this or location
   * @param location of checkpoints that are not in a folder: {@code s3://bucket/prefix}
   * @param interval between two looks at LATEST
   * @param pin the checkpoint to serve from the start, whatever LATEST names
   * @param announcements topic on which new checkpoints are announced, if there is one
   * @param s3 how a location is reached
   * @param canary how a new checkpoint is tried on a share of the jobs
   */
  public record Checkpoints(
      Optional<Path> folder,
      Optional<String> location,
      Duration interval,
      Optional<String> pin,
      Optional<String> announcements,
      S3 s3,
      CanarySettings canary) {
    public Checkpoints {
      require(
          folder.isPresent() != location.isPresent(),
          "either checkpoints.folder or checkpoints.location must be given");
      require(interval.isPositive(), "interval must be a positive time, but is " + interval);
      require(
          location.isEmpty() || s3.cacheFolder().isPresent(),
          "checkpoints.location needs checkpoints.s3.cacheFolder, a folder of this worker alone");
    }
  }

  /**
   * A server that speaks S3, and the copies on this machine.
   *
   * @param endpoint of the server; Amazon's where absent
   * @param region asked of the SDK's default chain where absent
   * @param pathStyle the bucket stands in the path and not in the host name
   * @param cacheFolder for copies
   * @param cacheBytes of all copies together
   */
  public record S3(
      Optional<String> endpoint,
      Optional<String> region,
      boolean pathStyle,
      Optional<Path> cacheFolder,
      long cacheBytes) {
    public S3 {
      require(cacheBytes >= 1, "cacheBytes must be at least 1, but is " + cacheBytes);
      endpoint.ifPresent(URI::create);
    }
  }

  /**
   * What denoises.
   *
   * @param name of the backend; probed where absent
   * @param threads host threads of all devices together; all processors where absent
   * @param number which device of its kind, from 0, which is the one where absent
   * @param devices several of them, instead of the number: each denoises a batch of its own
   * @param hangLimit a step that takes longer ends the worker
   * @param precision of the matrix products
   */
  public record Device(
      Optional<String> name,
      Optional<Integer> threads,
      Optional<Integer> number,
      Optional<List<Integer>> devices,
      Duration hangLimit,
      Precision precision) {
    public Device {
      require(threads.orElse(1) >= 1, "threads must be at least 1, but is " + threads.orElse(1));
      require(number.orElse(0) >= 0, "number must be at least 0, but is " + number.orElse(0));
      require(
          number.isEmpty() || devices.isEmpty(),
          "number and devices are both given; leave one of them out");
      devices.ifPresent(Device::requireDistinct);
      require(
          threads.isEmpty() || devices.isEmpty() || threads.get() >= devices.get().size(),
          "threads must be at least one for each of the devices, but is " + threads.orElse(1));
      require(hangLimit.isPositive(), "hangLimit must be a positive time, but is " + hangLimit);
    }

    private static void requireDistinct(List<Integer> devices) {
      require(!devices.isEmpty(), "devices must name at least one device, such as [0, 1]");
      require(
          devices.stream().allMatch(device -> device >= 0),
          "devices must be at least 0, but are " + devices);
      require(
          Set.copyOf(devices).size() == devices.size(),
          "devices must be different ones, but are " + devices);
    }

    /** The devices that denoise, by their numbers, in the order of the configuration. */
    public List<Integer> numbers() {
      return devices.orElseGet(() -> List.of(number.orElse(0)));
    }
  }

  /**
   * The batch.
   *
   * @param maxRows token rows that one device denoises together at most; also the longest template
   */
  public record Batch(int maxRows) {
    public Batch {
      require(maxRows >= 1, "maxRows must be at least 1, but is " + maxRows);
    }
  }

  /**
   * Jobs that wait.
   *
   * @param maxTokenSteps fetching stops when the jobs here take so many tokens times steps
   * @param maxBytes fetching stops when the jobs here take so much memory
   * @param ageing a waiting job rises by one priority each time this has passed
   */
  public record Queue(long maxTokenSteps, long maxBytes, Duration ageing) {
    public Queue {
      require(maxTokenSteps >= 1, "maxTokenSteps must be at least 1, but is " + maxTokenSteps);
      require(maxBytes >= 1, "maxBytes must be at least 1, but is " + maxBytes);
      require(ageing.isPositive(), "ageing must be a positive time, but is " + ageing);
    }
  }

  /** How jobs are delivered. */
  public enum DeliveryMode {
    /** A consumer group with transactions: one result for each job. */
    EXACTLY_ONCE,
    /** A share group: any number of workers, and now and then a result twice. */
    SHARE_GROUP
  }

  /**
   * The share group.
   *
   * @param lanes consumers of one worker
   * @param configure whether the worker sets the group up before it looks at it
   */
  public record ShareGroup(int lanes, boolean configure) {
    public ShareGroup {
      require(lanes >= 1 && lanes <= 64, "lanes must lie in 1..64, but is " + lanes);
    }
  }

  /**
   * Jobs and the group.
   *
   * @param mode how jobs are delivered
   * @param maxAttempts starts of a job without an end after which it is a dead letter
   * @param retryBackoff how long a job waits whose first start has failed; doubles with each
   * @param drainLimit how long running jobs may go on when their partition is asked back
   * @param stopLimit how long the worker may take to leave its group when it is stopped
   * @param shareGroup for that mode alone
   */
  public record Delivery(
      DeliveryMode mode,
      int maxAttempts,
      Duration retryBackoff,
      Duration drainLimit,
      Duration stopLimit,
      ShareGroup shareGroup) {
    public Delivery {
      require(
          maxAttempts >= 1 && maxAttempts <= 7,
          "maxAttempts must lie in 1..7, but is " + maxAttempts);
      require(
          !retryBackoff.isNegative(), "retryBackoff must not be negative, but is " + retryBackoff);
    }
  }

  /**
   * Progress reports.
   *
   * @param interval at least so long between two reports of a job
   */
  public record Progress(Duration interval) {
    public Progress {
      require(!interval.isNegative(), "interval must not be negative, but is " + interval);
    }
  }

  /**
   * Health and metrics.
   *
   * @param host address to listen on
   * @param port 0 for any free one
   * @param stepLimit a step that takes longer counts as hanging
   */
  public record Http(String host, int port, Duration stepLimit) {
    public Http {
      require(port >= 0 && port <= 65_535, "port must lie in 0..65535, but is " + port);
    }
  }

  /**
   * The live page, on the listener of health and metrics.
   *
   * @param enabled whether there is one
   * @param texts whether it shows job ids, prompts and generated texts to whoever can reach it;
   *     else only numbers
   * @param submit whether it takes jobs
   * @param hosts names under which it is reached, beside IP addresses and localhost; for a page
   *     that shows texts
   */
  public record Page(boolean enabled, boolean texts, boolean submit, List<String> hosts) {
    public Page {
      require(
          texts || !submit,
          "submit needs texts: who sends a job from the page wants to see its text");
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * Commands over HTTP. Without a token there are none and no listener for them.
   *
   * @param host address to listen on
   * @param port 0 for any free one
   * @param token that clients must send
   * @param tokenFile file that holds it
   * @param certificate PEM file with the server's certificates; TLS where given
   * @param key PEM file with its private key
   */
  public record Admin(
      String host,
      int port,
      Optional<String> token,
      Optional<Path> tokenFile,
      Optional<Path> certificate,
      Optional<Path> key) {
    public Admin {
      require(port >= 0 && port <= 65_535, "port must lie in 0..65535, but is " + port);
      require(
          token.isEmpty() || tokenFile.isEmpty(),
          "token and tokenFile are both given; leave one of them out");
      require(
          certificate.isPresent() == key.isPresent(),
          "certificate and key must be given together, or neither");
    }
  }

  /**
   * Log lines.
   *
   * @param format for people or for machines
   * @param texts whether prompts and generated texts may be logged
   */
  public record Logging(LogFormat format, boolean texts) {}

  /**
   * Sizes.
   *
   * @param recordBytes largest job record
   * @param resultBytes largest result record; the topic's own limit counts where it is smaller
   */
  public record Limits(int recordBytes, int resultBytes) {
    public Limits {
      require(recordBytes >= 1, "recordBytes must be at least 1, but is " + recordBytes);
      require(resultBytes >= 65_536, "resultBytes must be at least 65536, but is " + resultBytes);
    }
  }

  public WorkerConfiguration {
    require(!group.isBlank(), "group must not be empty");
    Set<String> names =
        Set.copyOf(
            List.of(
                topics.jobs(),
                topics.results(),
                topics.progress(),
                topics.control(),
                topics.deadLetters()));
    require(names.size() == 5, "topics must be five different ones, but are " + topics);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /**
   * Reads a configuration over the defaults.
   *
   * @param file the operator's, if any
   * @param environment environment variables; those that begin with {@code SEDD_} count
   * @param settings {@code key=value} pairs
   * @throws io.sedd.protocol.configuration.ConfigurationException with everything that is wrong
   */
  public static WorkerConfiguration read(
      Optional<Path> file, Map<String, String> environment, List<String> settings) {
    String defaults = ConfigurationSources.resource(WorkerConfiguration.class, "defaults.yaml");
    return new ConfigurationReader<>(WorkerConfiguration.class, LauncherVariables.NAMES)
        .read(new ConfigurationSources(defaults, file, environment, settings));
  }
}
