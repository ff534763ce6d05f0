package io.sedd.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Names for workers that were given none. */
final class WorkerName {

  private WorkerName() {}

  /** Host name and process id: no two living workers share both. */
  static String ofThisProcess() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      host = "worker";
    }
    return host + "-" + ProcessHandle.current().pid();
  }
}
