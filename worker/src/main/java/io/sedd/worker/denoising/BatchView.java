package io.sedd.worker.denoising;

import io.sedd.diffusion.sampling.Lane;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * The running jobs between two steps, as far as somebody who looks is shown. Immutable.
 *
 * @param lanes some of them
 * @param total how many there are, waiting for room or not
 */
public record BatchView(List<LaneView> lanes, int total) {

  /** More than a person follows, and a bound on what one look costs the step loop. */
  private static final int MOST_LANES = 24;

  private static final int MOST_POSITIONS = 6144;

  /** No job runs. */
  public static final BatchView EMPTY = new BatchView(List.of(), 0);

  public BatchView {
    lanes = List.copyOf(lanes);
  }

  /**
   * The lanes of jobs, some jobs before the others, until a view is full.
   *
   * @param before the ids of jobs that are looked for
   */
  static BatchView of(Collection<RunningJob> jobs, Predicate<String> before) {
    List<LaneView> lanes = new ArrayList<>();
    int total = 0;
    int positions = 0;
    for (boolean soughtAfter : new boolean[] {true, false}) {
      for (RunningJob job : jobs) {
        if (before.test(job.job().id()) != soughtAfter) {
          continue;
        }
        for (Lane lane : job.lanes()) {
          total++;
          if (lanes.size() < MOST_LANES && positions + lane.length() <= MOST_POSITIONS) {
            lanes.add(LaneView.of(job, lane));
            positions += lane.length();
          }
        }
      }
    }
    return new BatchView(lanes, total);
  }

  /** The views of several devices as one, in turns, within the same bounds. */
  public static BatchView together(List<BatchView> views) {
    if (views.size() == 1) {
      return views.getFirst();
    }
    List<LaneView> lanes = new ArrayList<>();
    int positions = 0;
    int total = views.stream().mapToInt(BatchView::total).sum();
    for (int i = 0; i < MOST_LANES; i++) {
      for (BatchView view : views) {
        if (i < view.lanes.size()
            && lanes.size() < MOST_LANES
            && positions + view.lanes.get(i).length() <= MOST_POSITIONS) {
          lanes.add(view.lanes.get(i));
          positions += view.lanes.get(i).length();
        }
      }
    }
    return new BatchView(lanes, total);
  }
}
