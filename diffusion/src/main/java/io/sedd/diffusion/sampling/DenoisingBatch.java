package io.sedd.diffusion.sampling;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.ScoreModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The lanes that a device denoises together. Lanes join and leave between steps, so none waits for
 * the slowest.
 *
 * <ul>
 *   <li>Bounded in token rows, not in lanes.
 *   <li>A step evaluates each model once, for all of its lanes: while weights are being swapped the
 *       old lanes and the new ones are two groups.
 *   <li>A lane's tokens do not depend on its neighbours, and a lane whose scores are not finite
 *       fails alone.
 *   <li>Not thread-safe: owned by the one thread that owns the backend.
 * </ul>
 */
public final class DenoisingBatch implements AutoCloseable {

  private final RowDraw draw;
  private final int capacityRows;
  private final Workspace workspace;
  private final PhaseWatch watch;
  private final LastLayouts layouts = new LastLayouts();
  private final List<Lane> lanes = new ArrayList<>();
  private int rows;
  private StepTimes lastStep = StepTimes.NONE;

  /**
   * An empty batch.
   *
   * @param backend that the lanes' models live on; stays the caller's
   * @param capacityRows tokens of all lanes together, at most
   */
  public DenoisingBatch(Backend backend, int capacityRows) {
    this(backend, backend::beginDraw, capacityRows);
  }

  /**
   * An empty batch that draws as the official sampler does, in single precision, which lowers the
   * temperature (arXiv 2409.02908): for comparisons, never for service.
   */
  public static DenoisingBatch withOfficialDraw(Backend backend, int capacityRows) {
    return new DenoisingBatch(backend, new OfficialRowDraw(backend), capacityRows);
  }

  /** A batch that draws in a way of its own. */
  DenoisingBatch(Backend backend, RowDraw draw, int capacityRows) {
    this(backend, draw, capacityRows, System::nanoTime);
  }

  /** A batch with a clock of its own too. */
  DenoisingBatch(Backend backend, RowDraw draw, int capacityRows, LongSupplier nanos) {
    if (capacityRows < 1) {
      throw new IllegalArgumentException("a batch has at least 1 row, not " + capacityRows);
    }
    this.draw = draw;
    this.capacityRows = capacityRows;
    this.workspace = backend.workspace();
    this.watch = new PhaseWatch(nanos);
  }

  /**
   * Takes the lane in if there is room; it takes part from the next step on.
   *
   * @return whether it was taken in
   * @throws IllegalArgumentException if it is too long for this batch even when empty
   */
  public boolean offer(Lane lane) {
    if (lane.length() > capacityRows) {
      throw new IllegalArgumentException(
          "a lane of " + lane.length() + " tokens never fits a batch of " + capacityRows + " rows");
    }
    if (lane.length() > freeRows()) {
      return false;
    }
    lanes.add(lane);
    rows += lane.length();
    return true;
  }

  /**
   * Takes a lane out before its end, as for a cancelled job.
   *
   * @return whether it was in the batch
   */
  public boolean remove(Lane lane) {
    for (int i = 0; i < lanes.size(); i++) {
      if (lanes.get(i) == lane) {
        lanes.remove(i);
        rows -= lane.length();
        return true;
      }
    }
    return false;
  }

  /**
   * Takes one step of every lane.
   *
   * @return the lanes that ended with it and have left the batch: {@linkplain Lane#finished
   *     finished}, or {@linkplain Lane#failure failed}
   */
  public List<Lane> step() {
    return step(lanes());
  }

  /**
   * Takes one step of some of the lanes. If it throws, the lanes of the model that was being
   * evaluated stand where they stood, so that the step may be tried again, with all of them or with
   * fewer.
   *
   * @param some of the lanes of this batch
   * @return those that ended with it and have left the batch
   */
  public List<Lane> step(List<Lane> some) {
    watch.start();
    IdentityHashMap<ScoreModel, List<Lane>> groups = new IdentityHashMap<>();
    for (Lane lane : some) {
      if (!lane.ended()) {
        groups.computeIfAbsent(lane.model().scores(), _ -> new ArrayList<>()).add(lane);
      }
    }
    groups.forEach(
        (model, group) -> new BatchStep(group, layouts).take(model, draw, workspace, watch));
    List<Lane> ended = takeOutEnded(some);
    lastStep = watch.stop();
    return ended;
  }

  /** Hundreds of lanes may end at once: they are taken out in one pass. */
  private List<Lane> takeOutEnded(List<Lane> some) {
    List<Lane> ended = some.stream().filter(Lane::ended).toList();
    if (!ended.isEmpty()) {
      Set<Lane> gone = new HashSet<>(ended);
      lanes.removeIf(gone::contains);
      rows = lanes.stream().mapToInt(Lane::length).sum();
    }
    return ended;
  }

  /** Where the time of the latest step that came to its end went. */
  public StepTimes lastStep() {
    return lastStep;
  }

  /** The lanes of this moment, in the order of their coming. */
  public List<Lane> lanes() {
    return List.copyOf(lanes);
  }

  /** Tokens of all lanes. */
  public int rows() {
    return rows;
  }

  /** Tokens that lanes may still bring. */
  public int freeRows() {
    return capacityRows - rows;
  }

  /** Most bytes that a step has taken of the workspace, which keeps them. */
  public long workspaceBytes() {
    return workspace.peakBytes();
  }

  /** Whether there is no lane. */
  public boolean isEmpty() {
    return lanes.isEmpty();
  }

  /** Frees the memory of the steps. Lanes that are still in are left as they stand. */
  @Override
  public void close() {
    workspace.close();
  }
}
