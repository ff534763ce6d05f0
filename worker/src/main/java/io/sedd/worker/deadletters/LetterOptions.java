package io.sedd.worker.deadletters;

import io.sedd.worker.kafka.BrokerOptions;
import io.sedd.worker.kafka.KafkaClients;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where the dead letters are and which are meant; the same for both commands. */
final class LetterOptions {

  @Mixin BrokerOptions brokers;

  @Option(
      names = "--topic",
      defaultValue = "sedd.dead-letters",
      description = "The dead-letter topic. Default: ${DEFAULT-VALUE}.")
  String topic;

  @Option(
      names = "--code",
      paramLabel = "CODE",
      description = "Only this error code, such as out_of_range; repeatable.")
  private Set<String> codes = new LinkedHashSet<>();

  @Option(names = "--id", paramLabel = "ID", description = "Only this job id; repeatable.")
  private Set<String> ids = new LinkedHashSet<>();

  @Option(
      names = "--select",
      paramLabel = "PARTITION:OFFSET",
      converter = PositionConverter.class,
      description = "Only the dead letter at this place; repeatable.")
  private Set<LetterPosition> positions = new LinkedHashSet<>();

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      converter = SinceConverter.class,
      description =
          "Only what was given up since a moment, 2026-11-24T12:00:00Z, or a time ago, PT2H.")
  private Instant since;

  LetterFilter filter() {
    return new LetterFilter(codes, ids, positions, Optional.ofNullable(since));
  }

  /** Clients whose transactional id belongs to the topic, so that one replay runs at a time. */
  KafkaClients clients() {
    return brokers.clients(topic, "replay");
  }

  /** Reads positions. */
  static final class PositionConverter implements ITypeConverter<LetterPosition> {
    @Override
    public LetterPosition convert(String text) {
      try {
        return LetterPosition.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Reads moments and times ago. */
  static final class SinceConverter implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      try {
        return text.startsWith("P")
            ? Clock.systemUTC().instant().minus(Duration.parse(text))
            : Instant.parse(text);
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "must be a moment such as 2026-11-24T12:00:00Z or a time such as PT2H, but is " + text);
      }
    }
  }
}
