package io.sedd.worker.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.text.ByteTokenizer;
import io.sedd.diffusion.text.Tokenizer;
import io.sedd.worker.denoising.BatchView;
import io.sedd.worker.denoising.LaneView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LaneBoardTest {

  private static final Tokenizer BYTES = new ByteTokenizer();
  private static final int MASK = BYTES.vocabularySize();

  @Test
  void whoTakesEveryChangeKnowsWhatANewcomerIsTold() {
    SplittableRandom random = new SplittableRandom(7);
    LaneBoard board = new LaneBoard(true);
    Map<String, JsonObject> known = new LinkedHashMap<>();
    Map<Long, int[]> running = new LinkedHashMap<>();
    for (int step = 0; step < 200; step++) {
      if (running.size() < 5) {
        running.put((long) step, masked("ab", 6));
      }
      running.values().removeIf(_ -> random.nextInt(20) == 0);
      running.values().forEach(states -> reveal(states, random));
      int now = step;
      List<LaneView> lanes =
          running.entrySet().stream().map(e -> lane(e.getKey(), now, e.getValue())).toList();
      apply(board.change(new BatchView(lanes, lanes.size())), known);
      assertEquals(byName(board.whole()), known);
    }
  }

  @Test
  void aPositionIsSentOnceAndNothingIsSentWhereNothingMoved() {
    LaneBoard board = new LaneBoard(true);
    int[] states = masked("ab", 3);
    board.change(view(lane(1, 0, states)));
    int[] next = states.clone();
    next[3] = 'x';
    LaneView moved = lane(1, 1, next);
    JsonObject change = board.change(view(moved));
    assertEquals(
        new JsonArray().add(3).add("x"), change.getJsonArray("set").getJsonObject(0).getValue("d"));
    assertTrue(board.change(view(moved)).isEmpty());
  }

  @Test
  void aCharacterOfSeveralTokensStandsAtItsFirstPositionOnceItIsWhole() {
    byte[] utf8 = "aé€b".getBytes(StandardCharsets.UTF_8);
    int[] states = IntStream.range(0, utf8.length).map(i -> utf8[i] & 0xff).toArray();
    assertEquals(
        List.of("a", "é", "", "€", "", "", "b"),
        List.of(new LanePieces().of(lane(1, 1, states), true)));
    states[4] = MASK;
    String[] incomplete = new LanePieces().of(lane(1, 1, states), true);
    assertEquals("\uFFFD", incomplete[3]);
    assertEquals(null, incomplete[4]);
  }

  @Test
  void withoutTextsOnlyWhetherAPositionIsFilledIsTold() {
    LaneBoard board = new LaneBoard(false);
    int[] states = masked("secret", 2);
    states[6] = 'z';
    board.change(view(lane(1, 1, states)));
    String whole = board.whole().encode();
    assertFalse(whole.contains("\"z\"") || whole.contains("\"s\":\"") || whole.contains("job-"));
    JsonArray pieces = board.whole().getJsonArray("add").getJsonObject(0).getJsonArray("p");
    assertEquals("", pieces.getValue(6));
    assertEquals(null, pieces.getValue(7));
  }

  private static BatchView view(LaneView... lanes) {
    return new BatchView(List.of(lanes), lanes.length);
  }

  private static int[] masked(String given, int blanks) {
    int[] states = new int[given.length() + blanks];
    Arrays.fill(states, MASK);
    for (int p = 0; p < given.length(); p++) {
      states[p] = given.charAt(p);
    }
    return states;
  }

  private static void reveal(int[] states, SplittableRandom random) {
    for (int p = 0; p < states.length; p++) {
      if (states[p] == MASK && random.nextInt(10) == 0) {
        states[p] = 'a' + random.nextInt(26);
      }
    }
  }

  private static LaneView lane(long job, int step, int[] states) {
    int[] open = IntStream.range(0, states.length).filter(p -> states[p] == MASK).toArray();
    int[] template = new int[states.length];
    Arrays.fill(template, 2, template.length, -1);
    return new LaneView(job, "job-" + job, 0, step, 64, template, states.clone(), open, BYTES);
  }

  /** As the page's own code does it. */
  private static void apply(JsonObject change, Map<String, JsonObject> known) {
    for (Object added : change.getJsonArray("add", new JsonArray())) {
      JsonObject lane = (JsonObject) added;
      known.put(lane.getString("k"), lane.copy());
    }
    for (Object moved : change.getJsonArray("set", new JsonArray())) {
      JsonObject step = (JsonObject) moved;
      JsonObject lane = known.get(step.getString("k"));
      lane.put("step", step.getValue("step")).put("open", step.getValue("open"));
      JsonArray pieces = step.getJsonArray("d", new JsonArray());
      for (int i = 0; i < pieces.size(); i += 2) {
        lane.getJsonArray("p").set(pieces.getInteger(i), pieces.getValue(i + 1));
      }
    }
    if (change.containsKey("order")) {
      known.keySet().retainAll(change.getJsonArray("order").stream().toList());
    }
  }

  private static Map<String, JsonObject> byName(JsonObject whole) {
    Map<String, JsonObject> lanes = new LinkedHashMap<>();
    for (Object lane : whole.getJsonArray("add")) {
      lanes.put(((JsonObject) lane).getString("k"), (JsonObject) lane);
    }
    return lanes;
  }
}
