package io.sedd.launcher.bench;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.sampling.DenoisingBatch;
import io.sedd.diffusion.sampling.DiffusionModel;
import io.sedd.diffusion.sampling.Phase;
import io.sedd.diffusion.sampling.StepTimes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Steps of a batch that stays as it is, so that one step can be repeated. */
final class StandingStep implements Runnable, AutoCloseable {

  private final LaneSet lanes;
  private final DenoisingBatch batch;
  private final List<StepTimes> times = new ArrayList<>();

  StandingStep(LaneSet lanes, Backend backend, DiffusionModel model) {
    this.lanes = lanes;
    this.batch = lanes.batch(backend, model, LaneSet.STANDING_STILL, 1);
  }

  LaneSet lanes() {
    return lanes;
  }

  @Override
  public void run() {
    batch.step();
    times.add(batch.lastStep());
  }

  /** Median seconds of each phase, over the last {@code counted} runs. */
  Map<Phase, Double> phases(int counted) {
    List<StepTimes> last = times.subList(times.size() - counted, times.size());
    Map<Phase, Double> medians = new EnumMap<>(Phase.class);
    for (Phase phase : Phase.values()) {
      medians.put(
          phase,
          Stopwatch.median(last.stream().mapToDouble(step -> step.of(phase) / 1e9).toArray()));
    }
    return medians;
  }

  @Override
  public void close() {
    batch.close();
  }
}
