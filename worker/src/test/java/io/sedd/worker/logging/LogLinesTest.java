package io.sedd.worker.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.Segment;
import io.sedd.worker.RunningWorker;
import io.sedd.worker.Worker;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a worker's log lines look like, and what is never in them. */
@ExtendWith(BrokerExtension.class)
class LogLinesTest {

  private static final String MARKER = "Zanzibar-37-marker";

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger own = context.getLogger("io.sedd");
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
  private Level rootBefore;
  private Level ownBefore;

  @BeforeEach
  void listen() {
    JsonLines encoder = new JsonLines();
    encoder.setContext(context);
    encoder.start();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(written);
    appender.start();
    rootBefore = root.getLevel();
    ownBefore = own.getLevel();
    root.setLevel(Level.INFO);
    own.setLevel(Level.TRACE);
    root.addAppender(appender);
  }

  @AfterEach
  void listenNoMore() {
    root.detachAppender(appender);
    appender.stop();
    root.setLevel(rootBefore);
    own.setLevel(ownBefore);
  }

  @Test
  void noPromptAndNoTextIsInAnyLineAndEachJobHasOneWithItsId(
      KafkaSite site, @TempDir Path checkpoints) throws Exception {
    runJobs(site, checkpoints);
    List<JsonObject> lines = lines();
    lines.forEach(line -> assertFalse(line.encode().contains(MARKER), line::encode));
    JsonObject ended = ofJob(lines, "well");
    assertEquals("job ended", ended.getString("message"));
    assertEquals("completed", ended.getString("outcome"));
    assertEquals("first", ended.getString("checkpoint"));
    assertEquals("DEBUG", ended.getString("level"));
    assertTrue(ended.getString("time").endsWith("Z"), ended::encode);
  }

  @Test
  void textsAreLoggedWhereTheOperatorAsksForThem(KafkaSite site, @TempDir Path checkpoints)
      throws Exception {
    runJobs(site, checkpoints, "logging.texts=true");
    JsonObject ended = ofJob(lines(), "well");
    assertTrue(ended.getJsonArray("texts").getString(0).startsWith(MARKER), ended::encode);
    assertEquals("INFO", ended.getString("level"));
  }

  @Test
  void aLineHasItsFieldsBesideTheUsualOnesAndItsStack() {
    org.slf4j.Logger log = LoggerFactory.getLogger("io.sedd.some.Thing");
    log.atWarn()
        .addKeyValue("job", "a \"quoted\" id\n")
        .addKeyValue("steps", 64)
        .addKeyValue("message", "not to be mistaken")
        .setCause(new IllegalStateException("why"))
        .log("one {}", 1);
    JsonObject line = lines().getFirst();
    assertEquals("one 1", line.getString("message"));
    assertEquals("not to be mistaken", line.getString("message_"));
    assertEquals("a \"quoted\" id\n", line.getString("job"));
    assertEquals(64, line.getInteger("steps"));
    assertEquals("io.sedd.some.Thing", line.getString("logger"));
    assertTrue(line.getString("stack").contains("IllegalStateException: why"), line::encode);
  }

  /** One that ends well, one that is too long, one with a field too many, and no job at all. */
  private static void runJobs(KafkaSite site, Path checkpoints, String... settings)
      throws Exception {
    TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "first", 1);
    try (Worker _ = RunningWorker.start(site, checkpoints, settings)) {
      Segment text = new Segment.Text(MARKER);
      site.send(JobDefaults.job("well", List.of(text, new Segment.Blank(4))));
      site.send(JobDefaults.job("long", List.of(text, new Segment.Blank(400))));
      site.sendRaw(
          "odd",
          ("{\"id\":\"odd\",\"template\":[{\"text\":\"" + MARKER + "\"}],\"" + MARKER + "\":1}")
              .getBytes(UTF_8));
      site.sendRaw(null, (MARKER + " is no JSON").getBytes(UTF_8));
      site.awaitResults(3);
      site.await(site.topics().deadLetters(), 3);
    }
  }

  private List<JsonObject> lines() {
    return written.toString(UTF_8).lines().map(JsonObject::new).toList();
  }

  private static JsonObject ofJob(List<JsonObject> lines, String id) {
    List<JsonObject> its = lines.stream().filter(line -> id.equals(line.getString("job"))).toList();
    assertEquals(1, its.size(), its::toString);
    return its.getFirst();
  }
}
