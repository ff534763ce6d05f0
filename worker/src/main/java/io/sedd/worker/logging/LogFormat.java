package io.sedd.worker.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.Iterator;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How log lines look. */
public enum LogFormat {
  /** For people, as {@code logback.xml} says. */
  TEXT,
  /** For machines: one JSON object a line. */
  JSON;

  /**
   * Makes the appenders of the root logger write so. Levels and targets stay as the logging's own
   * configuration file has them.
   *
   * @throws IllegalStateException if the logging behind SLF4J is not Logback
   */
  public void apply() {
    if (this == TEXT) {
      return;
    }
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (!(factory instanceof LoggerContext context)) {
      throw new IllegalStateException(
          "logging.format=json needs Logback, but the logging is "
              + factory.getClass().getName()
              + "; leave one SLF4J provider, logback-classic, on the class path");
    }
    Iterator<Appender<ILoggingEvent>> appenders =
        context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
    while (appenders.hasNext()) {
      if (appenders.next() instanceof OutputStreamAppender<ILoggingEvent> appender) {
        appender.stop();
        JsonLines encoder = new JsonLines();
        encoder.setContext(context);
        encoder.start();
        appender.setEncoder(encoder);
        appender.start();
      }
    }
  }
}
