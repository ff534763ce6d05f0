package io.sedd.worker.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A Java process on this process's class path, which can be ended in every way that there is. It
 * ends by itself when this process does, see {@link #endWithParent}.
 */
final class ChildJvm implements AutoCloseable {

  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final int MOST_LOG_SHOWN = 6000;

  private final String name;
  private final Path log;
  private final long logBegin;
  private final Process process;

  private ChildJvm(String name, Path log, long logBegin, Process process) {
    this.name = name;
    this.log = log;
    this.logBegin = logBegin;
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param log what it prints is appended there
   */
  static ChildJvm start(
      String name, Path log, List<String> jvmOptions, Class<?> main, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // seconds matter more than speed: several of these share two cores
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-modules=jdk.incubator.vector"));
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    long begin = Files.exists(log) ? Files.size(log) : 0;
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log.toString())))
            .start();
    return new ChildJvm(name, log, begin, process);
  }

  /** To be called by the child: its standard input ends when its parent is gone. */
  static void endWithParent() {
    InputStream parent = System.in;
    Thread.ofPlatform()
        .daemon()
        .name("parent")
        .start(
            () -> {
              try {
                while (parent.read() >= 0) {
                  // nobody writes
                }
              } catch (IOException _) {
                // as good as an end
              }
              Runtime.getRuntime().halt(1);
            });
  }

  String name() {
    return name;
  }

  boolean running() {
    return process.isAlive();
  }

  int exitCode() {
    return process.exitValue();
  }

  /**
   * Waits until it has printed something.
   *
   * @throws AssertionError if it has not within the limit, or has ended before
   */
  void awaitPrinted(String text, Duration limit) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    while (!printed().contains(text)) {
      if (!running() || System.nanoTime() - end > 0) {
        throw new AssertionError(
            "%s has not printed '%s'%s; its log ends with:%n%s"
                .formatted(
                    name,
                    text,
                    running() ? " in " + limit : " and has ended with " + exitCode(),
                    tail()));
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  /** What it has printed so far. */
  String printed() throws IOException {
    byte[] all = Files.exists(log) ? Files.readAllBytes(log) : new byte[0];
    int from = (int) Math.min(logBegin, all.length);
    return new String(all, from, all.length - from, UTF_8);
  }

  private String tail() throws IOException {
    String all = printed();
    return all.substring(Math.max(0, all.length() - MOST_LOG_SHOWN));
  }

  /** SIGKILL: no hook runs, nothing is flushed. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /**
   * SIGTERM, and waits.
   *
   * @return its exit code
   */
  int stop(Duration limit) throws InterruptedException, IOException {
    process.destroy();
    if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      String last = tail();
      kill();
      throw new AssertionError(name + " has not stopped within " + limit + "; its log:\n" + last);
    }
    return exitCode();
  }

  /** Waits until it has ended by itself. */
  int awaitEnd(Duration limit) throws InterruptedException, IOException {
    if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError(name + " has not ended within " + limit + "; its log:\n" + tail());
    }
    return exitCode();
  }

  /** SIGSTOP: it stands still and keeps what it has, as in a long pause of its machine. */
  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
