package io.sedd.worker.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports below those that the system gives to outgoing connections (32768 and on). While a broker is
 * down its clients go on trying: from a port of that range one of them could come to be connected
 * to itself, and the broker would find its port taken.
 */
final class FreePorts {

  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000;

  private final AtomicInteger next =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 997 % COUNT));

  int take() {
    for (int tried = 0; tried < COUNT; tried++) {
      int port = FIRST + next.getAndIncrement() % COUNT;
      try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (IOException _) {
        // taken; the next one
      }
    }
    throw new IllegalStateException("no free port from " + FIRST + " on");
  }
}
