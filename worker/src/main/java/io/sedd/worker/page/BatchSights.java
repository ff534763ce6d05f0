package io.sedd.worker.page;

import io.sedd.worker.denoising.BatchView;
import io.sedd.worker.denoising.BatchWatch;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The batches of all devices as one. Thread-safe. */
final class BatchSights {

  private final List<BatchSight> sights = new CopyOnWriteArrayList<>();

  /** To be told of the batch of one more device. */
  BatchWatch another() {
    BatchSight sight = new BatchSight();
    sights.add(sight);
    return sight;
  }

  /** Asks every device for a view; it comes with the next turn of its loop. */
  void ask() {
    sights.forEach(BatchSight::ask);
  }

  /** The last views that were asked for, together. */
  BatchView view() {
    return BatchView.together(sights.stream().map(BatchSight::view).toList());
  }

  /** What all steps of all devices came to. */
  BatchSight.Sums sums() {
    return sights.stream()
        .map(BatchSight::sums)
        .reduce(BatchSight.Sums.NONE, BatchSight.Sums::plus);
  }
}
