package io.sedd.worker.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.worker.intake.Delivery;
import io.sedd.worker.page.LiveState;
import io.sedd.worker.page.WorkerFacts;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the page's listeners get, and what they cannot do. */
class EventStreamsTest {

  private static final int PATIENCE_MILLIS = 30_000;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong looks = new AtomicLong();
  private volatile String ballast = "";
  private BoundedServer server;

  @BeforeEach
  void listen() {
    LiveState state = new LiveState(true, Clock.systemUTC(), System::nanoTime);
    state.ask(new Changing());
    EventStreams.Limits limits =
        new EventStreams.Limits(
            2, 1 << 16, Duration.ofMillis(200), Duration.ofMillis(10), Duration.ofMillis(50));
    vertx
        .deployVerticle(
            new VerticleBase() {
              @Override
              public Future<?> start() {
                EventStreams streams = new EventStreams(vertx, state, limits);
                server =
                    new BoundedServer(
                        vertx,
                        new HttpServerOptions(),
                        HttpLimits.USUAL,
                        (request, _) -> streams.open(request));
                return server.listen("127.0.0.1", 0);
              }
            })
        .await();
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  /** A worker of which every look finds something new. */
  private final class Changing implements WorkerFacts {

    @Override
    public JsonObject about() {
      return new JsonObject().put("worker", "w");
    }

    @Override
    public String phase() {
      return "serving";
    }

    @Override
    public JsonObject sizes() {
      return new JsonObject().put("waiting", looks.incrementAndGet()).put("ballast", ballast);
    }

    @Override
    public double fill() {
      return 0;
    }

    @Override
    public List<Delivery> waiting(int most) {
      return List.of();
    }
  }

  @Test
  void aListenerGetsTheWholeFirstAndThenWhatChanges() throws IOException {
    try (Socket socket = connect()) {
      BufferedReader lines = lines(socket);
      assertTrue(lines.readLine().startsWith("HTTP/1.1 200"));
      readTo(lines, "event: whole");
      String whole = readTo(lines, "data: ");
      assertTrue(whole.contains("\"worker\":\"w\"") && whole.contains("\"lanes\""), whole);
      readTo(lines, "event: change");
      assertTrue(readTo(lines, "data: ").contains("\"waiting\":"));
    }
  }

  @Test
  void nobodyLooksAtTheWorkerWhileNobodyListens() throws IOException {
    try (Socket socket = connect()) {
      readTo(lines(socket), "event: change");
    }
    // a hundred intervals in which it would have been asked
    AtomicLong seen = new AtomicLong(-1);
    await().during(Duration.ofSeconds(1)).until(() -> seen.getAndSet(looks.get()) == seen.get());
  }

  @Test
  void aThirdListenerIsRefusedAndOneThatLeavesMakesRoom() throws IOException {
    try (Socket first = connect();
        Socket second = connect()) {
      readTo(lines(first), "event: whole");
      readTo(lines(second), "event: whole");
      try (Socket third = connect()) {
        assertTrue(lines(third).readLine().startsWith("HTTP/1.1 503"));
      }
    }
    await()
        .until(
            () -> {
              try (Socket next = connect()) {
                return lines(next).readLine().startsWith("HTTP/1.1 200");
              }
            });
  }

  @Test
  void aListenerThatDoesNotReadIsCutOffAndTheOthersMissNothing() throws Exception {
    ballast = "x".repeat(100_000);
    try (Socket slow = connect();
        Socket quick = connect()) {
      BufferedReader lines = lines(quick);
      readTo(lines, "event: whole");
      // the slow one's buffers, here and in the kernel, are full some day
      await()
          .atMost(Duration.ofMillis(PATIENCE_MILLIS))
          .until(
              () -> {
                assertTrue(readTo(lines, "event: change").startsWith("event"));
                try (Socket next = connect()) {
                  return lines(next).readLine().startsWith("HTTP/1.1 200");
                }
              });
      assertTrue(ends(slow));
    }
  }

  /** Whether nothing comes any more when all that was under way has been read. */
  private static boolean ends(Socket socket) {
    byte[] buffer = new byte[1 << 16];
    try {
      while (socket.getInputStream().read(buffer) >= 0) {
        // what the kernel still had
      }
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket
        .getOutputStream()
        .write("GET /page/events HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
    return socket;
  }

  private static BufferedReader lines(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
  }

  /** The next line that begins so. */
  private static String readTo(BufferedReader lines, String begin) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(begin)) {
        return line;
      }
    }
    throw new AssertionError("the stream has ended before " + begin);
  }
}
