package io.sedd.worker.top;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;

/** What was learnt of a worker. */
sealed interface WorkerState {

  /** Where it was asked. */
  URI address();

  /** Its answer of {@code /page/state}. */
  record Answered(URI address, JsonObject json) implements WorkerState {

    String name() {
      return json.getJsonObject("about").getString("worker");
    }

    String phase() {
      return json.getString("phase");
    }

    String checkpoint() {
      return json.getJsonObject("checkpoint").getString("serving", "no checkpoint");
    }

    JsonObject about() {
      return json.getJsonObject("about");
    }

    JsonObject sizes() {
      return json.getJsonObject("sizes");
    }

    JsonArray rates() {
      return json.getJsonArray("rates");
    }

    /** A figure of the last second; 0 before the first. */
    double rate(String name) {
      JsonArray all = rates();
      return all.isEmpty() ? 0 : all.getJsonObject(all.size() - 1).getDouble(name);
    }
  }

  /**
   * It gave none.
   *
   * @param why in a few words
   */
  record Silent(URI address, String why) implements WorkerState {}
}
