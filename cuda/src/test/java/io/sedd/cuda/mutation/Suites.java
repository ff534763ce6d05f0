package io.sedd.cuda.mutation;

import java.util.List;
import java.util.Map;

/** Which tests look at which source: those of all suites whose names match. */
final class Suites {

  private static final Map<String, String> TESTS =
      Map.ofEntries(
          Map.entry("activation", "linear.*|aLinearLayer.*"),
          Map.entry("columns", "linearBackward.*"),
          Map.entry("elements", "fillCopyAndAdd.*|add(?!Gated).*|aFrozen.*|aLinearLayer.*"),
          Map.entry("dropout", "dropout.*"),
          Map.entry("gate", "addGated.*"),
          Map.entry("lookup", "embed.*|gatherRows.*"),
          Map.entry("norm", "normModulate.*|aNormedRow.*|deviationsKeep.*"),
          Map.entry("rotary", "rotat.*"),
          Map.entry("optimizer", "adamW.*|theSumOfSquares.*|aNumberThatIsNotFinite.*"),
          Map.entry("loss", "score.*AgreesWith.*|crossEntropy.*|meanScores.*|logitsFar.*"),
          Map.entry(
              "draw",
              "drawn.*|aWholeVocabulary.*|theLogitOfTheOwn.*|aRowIsDrawn.*|scoresThatAreNot.*"
                  + "|weightsThatAre.*|hugeAndTiny.*"),
          Map.entry("attention_forward", "attend.*|attention.*"),
          Map.entry("attention_backward", "attendBackward.*|attention.*"));

  private Suites() {}

  /** Sources without the sizes of heads. */
  static List<String> sources() {
    return TESTS.keySet().stream().sorted().toList();
  }

  /**
   * A pattern of method names.
   *
   * @param source as {@code attention_forward_16}
   */
  static String testsOf(String source) {
    return TESTS.get(source.replaceAll("_\\d+$", ""));
  }
}
