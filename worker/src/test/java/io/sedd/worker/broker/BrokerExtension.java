package io.sedd.worker.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests a {@link KafkaSite} with topics of its own on one broker for the whole run. */
public final class BrokerExtension implements ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(BrokerExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == KafkaSite.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    RunningBroker running =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .getOrComputeIfAbsent("broker", _ -> RunningBroker.start(), RunningBroker.class);
    KafkaSite site = new KafkaSite(running.broker().bootstrapServers());
    context.getStore(NAMESPACE).put(site, site);
    return site;
  }

  /** Closed by JUnit at the end of the run. */
  private record RunningBroker(EmbeddedBroker broker, Path folder) implements AutoCloseable {

    static RunningBroker start() {
      try {
        Path folder = Files.createTempDirectory("sedd-broker");
        // tests abandon workers: their partitions are free after 6 s, not 45
        EmbeddedBroker broker =
            new EmbeddedBroker(
                folder,
                Map.of(
                    "group.consumer.min.session.timeout.ms", "3000",
                    "group.consumer.session.timeout.ms", "6000",
                    "group.share.min.heartbeat.interval.ms", "100",
                    "group.share.heartbeat.interval.ms", "300",
                    "group.share.min.record.lock.duration.ms", "1000"));
        broker.start();
        return new RunningBroker(broker, folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      broker.close();
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(f -> f.delete());
      }
    }
  }
}
