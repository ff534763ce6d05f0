package io.sedd.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.cuda.ptx.EmulatedDriver;
import io.sedd.cuda.ptx.machine.Checks;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.Initialization;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.Parameters;
import io.sedd.diffusion.network.ScoreNetwork;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Evaluations of a network whose blocks are replayed, beside such as are launched one by one. */
class ReplaysTest {

  private static final NetworkShape SHAPE = new NetworkShape(11, 32, 16, 24, 2, 2, true);

  private final EmulatedDriver driver = EmulatedDriver.lazy(8, 0, Checks.ALL);
  private final Backend backend = EmulatedBackend.open(driver);
  private final Workspace workspace = backend.workspace();
  private final Random random = new Random(8);
  private ScoreNetwork network = network();

  @AfterEach
  void close() {
    network.close();
    workspace.close();
    backend.close();
  }

  private ScoreNetwork network() {
    Parameters weights = Parameters.create(SHAPE, backend);
    Initialization.official(weights, 1, backend);
    for (String name : weights.names()) {
      float[] values = new float[Math.toIntExact(weights.tensor(name).size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (0.2 * random.nextGaussian());
      }
      backend.write(MemorySegment.ofArray(values), weights.tensor(name));
    }
    weights.freeze(backend);
    return new ScoreNetwork(SHAPE, weights, backend);
  }

  private NetworkInput input(RowLayout layout) {
    return NetworkInput.ofAll(
        layout,
        random.ints(layout.rows(), 0, SHAPE.states()).toArray(),
        random.doubles(layout.sequences(), 0.1, 3).toArray());
  }

  private float[] evaluated(NetworkInput input) {
    float[] logits =
        backend.read(network.evaluate(input, workspace).logits(0, input.wanted().length));
    workspace.reset();
    return logits;
  }

  /** Evaluates once, with numbers of its own, and compares with what is never replayed. */
  private void assertRight(RowLayout layout) {
    NetworkInput input = input(layout);
    float[] expected = backend.read(network.logits(input, workspace));
    workspace.reset();
    assertArrayEquals(expected, evaluated(input));
  }

  private void repeatUntilReplayed(RowLayout layout) {
    int before = driver.graphLaunches();
    for (int i = 0; driver.graphLaunches() == before; i++) {
      assertTrue(i < 6, "six equal steps, and none was replayed");
      assertRight(layout);
    }
  }

  @Test
  void equalStepsAreReplayedWithNewTokensAndNoise() {
    RowLayout layout = RowLayout.ofLengths(5, 9);
    repeatUntilReplayed(layout);
    int before = driver.graphLaunches();
    for (int i = 0; i < 3; i++) {
      assertRight(layout);
    }
    assertEquals(before + 3, driver.graphLaunches());
  }

  @Test
  void anotherLayoutOfTheSameRowsIsAnotherStep() {
    RowLayout layout = RowLayout.ofLengths(5, 9);
    repeatUntilReplayed(layout);
    int before = driver.graphLaunches();
    assertRight(RowLayout.ofLengths(9, 5));
    assertEquals(before, driver.graphLaunches());
  }

  @Test
  void aGraphKeepsItsTablesWhileOtherLayoutsComeAndGo() {
    RowLayout layout = RowLayout.ofLengths(5, 9);
    repeatUntilReplayed(layout);
    for (int i = 1; i < 8; i++) {
      assertRight(RowLayout.ofLengths(i, 14 - i));
    }
    int before = driver.graphLaunches();
    assertRight(layout);
    assertEquals(before + 1, driver.graphLaunches());
  }

  @Test
  void manyLayoutsMakeRoomForEachOther() {
    for (int round = 0; round < 2; round++) {
      for (int i = 1; i < 20; i++) {
        RowLayout layout = RowLayout.ofLengths(i, 20 - i);
        repeatUntilReplayed(layout);
        assertRight(layout);
      }
    }
  }

  @Test
  void aLargerBatchInBetweenMovesTheWorkspaceAndSpoilsNothing() {
    RowLayout layout = RowLayout.ofLengths(5, 9);
    repeatUntilReplayed(layout);
    workspace.take(3_000, 1_000);
    workspace.reset();
    assertRight(RowLayout.ofLengths(24, 24, 24, 24, 24, 24));
    repeatUntilReplayed(layout);
  }

  @Test
  void memoryThatIsGivenBackEndsTheGraphsThatMightUseIt() {
    RowLayout layout = RowLayout.ofLengths(5, 9);
    repeatUntilReplayed(layout);
    int before = driver.graphLaunches();
    backend.allocate(4, 4).close();
    assertRight(layout);
    assertEquals(before, driver.graphLaunches());
    repeatUntilReplayed(layout);
  }

  @Test
  void anotherCheckpointHasItsOwnGraph() {
    RowLayout layout = RowLayout.ofLengths(5, 9);
    repeatUntilReplayed(layout);
    ScoreNetwork old = network;
    network = network();
    assertRight(layout);
    old.close();
    assertRight(layout);
    repeatUntilReplayed(layout);
  }

  @Test
  void workAsideHasAStreamOfItsOwnAndIsNotReplayed() {
    RowLayout layout = RowLayout.ofLengths(5, 9);
    repeatUntilReplayed(layout);
    int before = driver.graphLaunches();
    backend.<Object, RuntimeException>aside(
        () -> {
          assertRight(layout);
          assertRight(layout);
          assertRight(layout);
          return null;
        });
    assertEquals(before, driver.graphLaunches());
    assertRight(layout);
    assertEquals(before + 1, driver.graphLaunches());
  }
}
