package io.sedd.worker.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy before the broker that can stop forwarding, as a network that is cut: connections
 * stay, and what is sent arrives when it is mended, or the clients' time limits strike.
 */
final class BrokerDoor implements AutoCloseable {

  private static final int BUFFER = 1 << 16;

  private final int port;
  private final int target;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Object change = new Object();
  private boolean held; // guarded by change

  /** Listens on one port of the loopback interface and forwards to another. */
  BrokerDoor(int port, int target) throws IOException {
    this.port = port;
    this.target = target;
    server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("door-" + port).start(this::accept);
  }

  int port() {
    return port;
  }

  int target() {
    return target;
  }

  /** Forwards nothing until {@link #open}. */
  void hold() {
    synchronized (change) {
      held = true;
    }
  }

  /** Forwards again, first what was sent meanwhile. */
  void open() {
    synchronized (change) {
      held = false;
      change.notifyAll();
    }
  }

  /** Ends all connections that there are; new ones are taken. */
  void drop() {
    sockets.forEach(BrokerDoor::closeQuietly);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> connect(client));
      } catch (IOException _) {
        // closed, or a client that has gone again
      }
    }
  }

  private void connect(Socket client) {
    Socket broker = new Socket();
    sockets.add(client);
    sockets.add(broker);
    try {
      awaitOpen();
      broker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      client.setTcpNoDelay(true);
      broker.setTcpNoDelay(true);
      Thread back = Thread.ofVirtual().start(() -> forward(broker, client));
      forward(client, broker);
      back.join();
    } catch (IOException _) {
      // the broker is away: so is this connection
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      closeQuietly(client);
      closeQuietly(broker);
      sockets.remove(client);
      sockets.remove(broker);
    }
  }

  private void forward(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitOpen();
        out.write(buffer, 0, read);
      }
    } catch (IOException _) {
      // one side has gone: the other goes too
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      closeQuietly(from);
      closeQuietly(to);
    }
  }

  private void awaitOpen() throws InterruptedException {
    synchronized (change) {
      while (held) {
        change.wait();
      }
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // it is closed all the same
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    open();
    drop();
  }
}
