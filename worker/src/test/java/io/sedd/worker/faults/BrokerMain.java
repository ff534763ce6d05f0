package io.sedd.worker.faults;

import io.sedd.worker.broker.EmbeddedBroker;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** A broker or controller as a process of its own: {@code FOLDER SETTINGS-FILE}. */
public final class BrokerMain {

  static final String READY = "the broker is ready";

  private BrokerMain() {}

  /** Runs until SIGTERM, which stops it in order. */
  public static void main(String[] arguments) throws Exception {
    ChildJvm.endWithParent();
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(arguments[1]))) {
      properties.load(reader);
    }
    Map<String, String> settings = new HashMap<>();
    properties.stringPropertyNames().forEach(n -> settings.put(n, properties.getProperty(n)));
    @SuppressWarnings("resource") // closed by the hook
    EmbeddedBroker broker = new EmbeddedBroker(Path.of(arguments[0]), settings);
    broker.start();
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "stop"));
    System.out.println(READY);
    Thread.currentThread().join();
  }
}
