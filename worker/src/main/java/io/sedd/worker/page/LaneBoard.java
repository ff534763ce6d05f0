package io.sedd.worker.page;

import io.sedd.worker.denoising.BatchView;
import io.sedd.worker.denoising.LaneView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The lanes as those who look know them, so that only what has changed need be sent: a position
 * that is filled is sent once. Owned by the event loop.
 */
final class LaneBoard {

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Shown(LaneView lane, String[] pieces) {}

  private final boolean texts;
  private final LanePieces pieces = new LanePieces();

  /** By name, in the order of the batch. */
  private Map<String, Shown> shown = new LinkedHashMap<>();

  private int total;

  /**
   * @param texts whether ids and texts may be shown
   */
  LaneBoard(boolean texts) {
    this.texts = texts;
  }

  /** All lanes as they are known. */
  JsonObject whole() {
    JsonArray lanes = new JsonArray();
    shown.forEach((name, lane) -> lanes.add(whole(name, lane)));
    return new JsonObject()
        .put("total", total)
        .put("order", new JsonArray(new ArrayList<>(shown.keySet())))
        .put("add", lanes);
  }

  /**
   * Takes a new view; what of it is news: {@code order} where lanes have come, gone or moved,
   * {@code add} with the new ones, {@code set} with those that moved on. Empty if nothing is.
   */
  JsonObject change(BatchView view) {
    Map<String, Shown> next = new LinkedHashMap<>();
    JsonArray added = new JsonArray();
    JsonArray moved = new JsonArray();
    for (LaneView lane : view.lanes()) {
      String name = lane.job() + "." + lane.sample();
      Shown before = shown.get(name);
      if (before != null && before.lane() == lane) {
        next.put(name, before);
        continue;
      }
      Shown now = new Shown(lane, pieces.of(lane, texts));
      next.put(name, now);
      if (before == null) {
        added.add(whole(name, now));
      } else if (lane.step() != before.lane().step()) {
        moved.add(step(name, before, now));
      }
    }
    JsonObject change = new JsonObject();
    List<String> order = List.copyOf(next.keySet());
    if (!order.equals(List.copyOf(shown.keySet()))) {
      change.put("order", new JsonArray(new ArrayList<>(order)));
    }
    putUnlessEmpty(change, "add", added);
    putUnlessEmpty(change, "set", moved);
    if (total != view.total()) {
      change.put("total", view.total());
    }
    shown = next;
    total = view.total();
    return change;
  }

  private static void putUnlessEmpty(JsonObject json, String name, JsonArray values) {
    if (!values.isEmpty()) {
      json.put(name, values);
    }
  }

  private JsonObject whole(String name, Shown lane) {
    LaneView view = lane.lane();
    JsonArray texts = new JsonArray();
    for (String piece : lane.pieces()) {
      texts.add(piece);
    }
    JsonObject json =
        new JsonObject()
            .put("k", name)
            .put("s", view.sample())
            .put("step", view.step())
            .put("steps", view.steps())
            .put("open", view.open().length)
            .put("given", given(view.template()))
            .put("p", texts);
    return this.texts ? json.put("job", view.jobId()) : json;
  }

  /** Runs of given positions: where each begins and how long it is. */
  private static JsonArray given(int[] template) {
    JsonArray runs = new JsonArray();
    int begin = -1;
    for (int p = 0; p <= template.length; p++) {
      boolean given = p < template.length && template[p] >= 0;
      if (given && begin < 0) {
        begin = p;
      } else if (!given && begin >= 0) {
        runs.add(begin).add(p - begin);
        begin = -1;
      }
    }
    return runs;
  }

  private static JsonObject step(String name, Shown before, Shown now) {
    JsonArray pieces = new JsonArray();
    for (int p = 0; p < now.pieces().length; p++) {
      if (!Objects.equals(before.pieces()[p], now.pieces()[p])) {
        pieces.add(p).add(now.pieces()[p]);
      }
    }
    JsonObject json =
        new JsonObject()
            .put("k", name)
            .put("step", now.lane().step())
            .put("open", now.lane().open().length);
    putUnlessEmpty(json, "d", pieces);
    return json;
  }
}
