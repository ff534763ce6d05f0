package io.sedd.launcher.page;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What lies between a browser and a worker, and can be cut and mended. */
final class Cable implements AutoCloseable {

  private final URI worker;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  Cable(URI worker) throws IOException {
    this.worker = worker;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("cable").start(this::accept);
  }

  URI end() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
  }

  /** Ends all connections; no other comes through. */
  void cut() {
    cut = true;
    sockets.forEach(Cable::end);
  }

  void mend() {
    cut = false;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket browser = server.accept();
        if (cut) {
          end(browser);
        } else {
          connect(browser, new Socket(worker.getHost(), worker.getPort()));
        }
      } catch (IOException _) {
        // closed
      }
    }
  }

  private void connect(Socket browser, Socket behind) {
    sockets.add(browser);
    sockets.add(behind);
    Thread.ofVirtual().start(() -> forward(browser, behind));
    Thread.ofVirtual().start(() -> forward(behind, browser));
  }

  private void forward(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // one side has gone: the other goes too
    } finally {
      end(from);
      end(to);
      sockets.remove(from);
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // it is closed all the same
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }
}
