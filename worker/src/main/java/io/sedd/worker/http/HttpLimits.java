package io.sedd.worker.http;

import java.time.Duration;

/**
 * What a client of the HTTP servers may take up.
 *
 * @param bodyBytes largest body of a request; a larger one is answered by 413
 * @param headBytes largest request line, and largest sum of headers
 * @param requestTime from the opening of a connection, or the last answer on it, to the last byte
 *     of the next request; a connection that takes longer is closed
 * @param connections open at one time; others are closed at once
 */
public record HttpLimits(int bodyBytes, int headBytes, Duration requestTime, int connections) {

  /** Far above what probes, scrapes and commands need. */
  public static final HttpLimits USUAL = new HttpLimits(4096, 8192, Duration.ofSeconds(60), 256);

  /** The same with larger bodies. */
  HttpLimits withBodyBytes(int bytes) {
    return new HttpLimits(bytes, headBytes, requestTime, connections);
  }
}
