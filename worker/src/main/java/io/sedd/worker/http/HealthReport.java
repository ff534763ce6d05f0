package io.sedd.worker.http;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answer to a question about health.
 *
 * @param parts what was looked at, in order
 */
public record HealthReport(List<Part> parts) {

  /**
   * One thing that was looked at.
   *
   * @param name of the part
   * @param up whether it is as it should be
   * @param detail one sentence for a person
   */
  public record Part(String name, boolean up, String detail) {}

  /** Whether every part is. */
  public boolean up() {
    return parts.stream().allMatch(Part::up);
  }

  /** {@code {"status": "UP", "checks": {"broker": {"status": "UP", "detail": "..."}}}}. */
  public JsonObject toJson() {
    Map<String, Object> checks = new LinkedHashMap<>();
    parts.forEach(
        part ->
            checks.put(
                part.name(),
                new JsonObject().put("status", status(part.up())).put("detail", part.detail())));
    return new JsonObject().put("status", status(up())).put("checks", new JsonObject(checks));
  }

  private static String status(boolean up) {
    return up ? "UP" : "DOWN";
  }
}
