package io.sedd.worker.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients cannot do to the HTTP servers. */
class BoundedServerTest {

  /** Far more than the server's own limit: only a test that fails waits so long. */
  private static final int PATIENCE_MILLIS = 30_000;

  private final Vertx vertx = Vertx.vertx();
  private BoundedServer server;

  @BeforeEach
  void listen() {
    HttpLimits limits = new HttpLimits(100, 1000, Duration.ofMillis(500), 2);
    Endpoint echo =
        (request, body) -> {
          if (request.path().equals("/fault")) {
            throw new IllegalStateException("a fault of the endpoint's own");
          }
          return Future.succeededFuture(
              new HttpAnswer(200, "text/plain", body.toString(), java.util.Map.of()));
        };
    vertx
        .deployVerticle(
            new VerticleBase() {
              @Override
              public Future<?> start() {
                server = new BoundedServer(vertx, new HttpServerOptions(), limits, echo);
                return server.listen("127.0.0.1", 0);
              }
            })
        .await();
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void aRequestWithinTheLimitsIsAnswered() throws IOException {
    String answer = exchange("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
    assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
    assertTrue(answer.endsWith("hi"), answer);
  }

  @Test
  void aBodyOverTheLimitIsRefusedAndItsConnectionClosed() throws IOException {
    String answer =
        exchange("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n" + "x".repeat(101));
    assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
    assertTrue(answer.contains("100 bytes"), answer);
  }

  @Test
  void aChunkedBodyWithNoEndIsRefusedAsSoonAsItIsTooLarge() throws IOException {
    String answer =
        exchange(
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + ("32\r\n" + "x".repeat(50) + "\r\n").repeat(3));
    assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
  }

  @Test
  void headersOverTheLimitAreRefused() throws IOException {
    String answer = exchange("GET / HTTP/1.1\r\nX: " + "x".repeat(2000) + "\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 431"), answer);
  }

  @Test
  void aClientThatNeverEndsItsRequestIsCutOffThoughItKeepsSending() throws Exception {
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write("POST / HTTP/1.1\r\nContent-Length: 90\r\n\r\n".getBytes(US_ASCII));
      Thread trickle =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      while (true) {
                        socket.getOutputStream().write('x');
                        Thread.sleep(100);
                      }
                    } catch (IOException | InterruptedException _) {
                      // cut off, as it should be
                    }
                  });
      assertEquals(-1, readOrEnd(socket));
      trickle.interrupt();
      trickle.join();
    }
  }

  @Test
  void aConnectionOnWhichNothingComesIsClosed() throws IOException {
    try (Socket socket = connect()) {
      assertEquals(-1, readOrEnd(socket));
    }
  }

  @Test
  void moreConnectionsThanAllowedAreClosedAtOnceAndOneThatEndsMakesRoom() throws Exception {
    List<Socket> held = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        Socket socket = connect();
        held.add(socket);
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
        assertEquals('H', socket.getInputStream().read());
      }
      try (Socket third = connect()) {
        assertEquals(-1, readOrEnd(third));
      }
    } finally {
      for (Socket socket : held) {
        socket.close();
      }
    }
    org.awaitility.Awaitility.await()
        .ignoreExceptions()
        .until(() -> exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").startsWith("HTTP/1.1 200"));
  }

  @Test
  void aFaultOfAnEndpointIsAnAnswerOf500() throws IOException {
    String answer = exchange("GET /fault HTTP/1.1\r\nHost: x\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 500"), answer);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  /** The next byte, or -1 if the server has closed the connection, in whatever way. */
  private static int readOrEnd(Socket socket) {
    try {
      return socket.getInputStream().read();
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the connection is still open", e);
    } catch (IOException _) {
      return -1;
    }
  }

  /** Sends bytes and gives all that comes until the server closes the connection. */
  private String exchange(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      StringBuilder answer = new StringBuilder();
      for (int c = readOrEnd(socket); c >= 0; c = readOrEnd(socket)) {
        answer.append((char) c);
      }
      return answer.toString();
    }
  }
}
