package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.process.Graph;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A shape that does not fit says which kernel, which argument, what it is and should be. */
class ShapesTest {

  private final Backend backend = new ReferenceBackend();
  private final RowLayout layout = RowLayout.ofLengths(2, 1);

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void aWeightThatDoesNotFitIsNamed() {
    refused(
        "linear: weight is [4, 5], expected [4, 6]",
        () -> backend.linear(of(3, 6), of(4, 5), null, Activation.NONE, null, of(3, 4)));
  }

  @Test
  void aMissingPreActivationIsNamed() {
    refused(
        "linearBackward: GELU needs the preActivation that the forward kept",
        () ->
            backend.linearBackward(
                of(3, 4), of(3, 6), of(4, 6), Activation.GELU, null, null, of(4, 6), null));
  }

  @Test
  void aTokenOutsideTheTableIsNamed() {
    refused(
        "embed: token 5 at 1 is not in [0, 5)",
        () -> backend.embed(of(5, 2), new int[] {4, 5}, of(2, 2)));
  }

  @Test
  void modulationColumnsThatAreNotThereAreNamed() {
    refused(
        "addGated: gate columns 3 to 7 are not in a modulation of [2, 6]",
        () -> backend.addGated(of(3, 4), of(2, 6), 3, layout, of(3, 4)));
  }

  @Test
  void headsThatDoNotDivideTheColumnsAreNamed() {
    refused(
        "attend: 12 columns are not q, k and v of 3 heads",
        () -> backend.attend(of(3, 12), 3, layout, null, of(3, 4)));
    refused(
        "rotate: a head of 3 columns has no two halves", () -> backend.rotate(of(3, 9), 1, layout));
  }

  @Test
  void missingRulesAreCounted() {
    refused(
        "draw: 1 rules, expected 2",
        () -> backend.draw(of(3, 4), layout, new int[3], Rules.absorbing(1), new int[3]));
  }

  @Test
  void aTemperatureOfZeroIsRefused() {
    DrawRule cold = new DrawRule(1, 0, 0, 0, 0, 0, 1, 0, 0, 0);
    refused(
        "draw: sequence 0 has temperature 0.0 and top-p 1.0; they must be above 0, and in (0, 1]",
        () -> backend.draw(of(3, 4), layout, new int[3], List.of(cold, cold), new int[3]));
  }

  @Test
  void sigmaOfZeroHasNoScoreEntropy() {
    List<EntropyTerm> terms = List.of(new EntropyTerm(1, 0, 1), new EntropyTerm(0, 0, 1));
    refused(
        "scoreEntropy: sequence 1 has sigma 0.0; expm1(sigma) must be positive and finite",
        () ->
            backend.scoreEntropy(
                new Graph.Uniform(4),
                of(3, 4),
                layout,
                new int[3],
                new int[3],
                terms,
                new double[3],
                null));
  }

  @Test
  void aTensorOfMoreThan2To31ElementsIsRefused() {
    refused(
        "a tensor of [65536, 32768] is negative or over 2^31 - 1 elements", () -> of(65536, 32768));
  }

  private Tensor of(int rows, int columns) {
    return backend.allocate(rows, columns);
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
