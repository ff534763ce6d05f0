package io.sedd.protocol.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which checkpoints stay: the newest and the latest. Only those named by their step are ever
 * removed; a folder that a person put into the store is his.
 *
 * @param newest how many stay, at least 1
 */
public record Retention(int newest) {

  public Retention {
    if (newest < 1) {
      throw new IllegalArgumentException(newest + " checkpoints to keep; at least 1 must stay");
    }
  }

  /**
   * Removes the others.
   *
   * @return names of the removed, from old to new
   * @throws CheckpointException with nothing removed if it cannot be told which is the latest
   */
  public List<String> apply(CheckpointStore store) throws IOException {
    Optional<String> latest = store.latest();
    List<String> steps =
        store.list().stream().filter(name -> CheckpointNames.stepOf(name).isPresent()).toList();
    List<String> removed = new ArrayList<>();
    for (String name : steps.subList(0, Math.max(0, steps.size() - newest))) {
      if (!latest.equals(Optional.of(name))) {
        store.delete(name);
        removed.add(name);
      }
    }
    return removed;
  }
}
