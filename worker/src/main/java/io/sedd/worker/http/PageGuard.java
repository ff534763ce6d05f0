package io.sedd.worker.http;

import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which requests may see or send texts. A browser must ask under a name that is this worker's:
 * otherwise any site could name this address as its own (DNS rebinding) and read along. And what
 * changes something must come from the page itself.
 *
 * @param names under which the page is reached, beside IP addresses and localhost
 */
record PageGuard(List<String> names) {

  private static final Pattern ADDRESS =
      Pattern.compile("\\[[0-9a-f:.%]+]|\\d{1,3}(\\.\\d{1,3}){3}");

  /** Why a request is refused, if it is. */
  Optional<String> refusal(HttpServerRequest request) {
    String authority = request.getHeader("Host");
    if (authority == null) {
      return Optional.of("the request names no host");
    }
    String host = authority.toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "");
    boolean own =
        ADDRESS.matcher(host).matches()
            || host.equals("localhost")
            || names.stream().anyMatch(host::equalsIgnoreCase);
    return own
        ? Optional.empty()
        : Optional.of(
            "the page is not known under the name %s; add it to page.hosts if it is the worker's"
                .formatted(host));
  }

  /** As above, for a request that changes something. */
  Optional<String> refusalOfChange(HttpServerRequest request) {
    String type = request.getHeader("Content-Type");
    if (type == null || !type.toLowerCase(Locale.ROOT).matches("application/json(;.*)?")) {
      // a form of another site can send other types without being asked
      return Optional.of("the body must be application/json");
    }
    String origin = request.getHeader("Origin");
    if (origin != null && !sameAuthority(origin, request.getHeader("Host"))) {
      return Optional.of("requests of other sites (" + origin + ") are not taken");
    }
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin")) {
      return Optional.of("requests of other sites are not taken");
    }
    return refusal(request);
  }

  private static boolean sameAuthority(String origin, String host) {
    try {
      String authority = URI.create(origin).getRawAuthority();
      return authority != null && authority.equalsIgnoreCase(host);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
