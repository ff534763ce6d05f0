package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.RowLayout;
import java.util.Arrays;

/**
 * The work of attention, cut into tasks: heads of sequences, the longest first, and those of
 * sequences that are long beside the whole batch in several ranges of panels. A task packs its
 * head's keys and values, which is why not all are cut; how they are cut changes no result.
 */
final class AttentionTasks {

  /** Tasks that a thread gets at least, where one sequence is long enough: the last ones level. */
  private static final int SHARE = 6;

  /** Panels below which packing would count: it costs as much as a third of a panel. */
  private static final int FEWEST_PANELS = 6;

  private final int heads;

  /** Sequences, the longest first; then for each how many tasks come before it and its cuts. */
  private final int[] sequences;

  private final int[] firsts;
  private final int[] cuts;
  private final int[] panels;

  AttentionTasks(RowLayout layout, int heads, int panel, int threads) {
    this.heads = heads;
    int count = layout.sequences();
    long[] byLength = new long[count];
    double work = 0;
    for (int s = 0; s < count; s++) {
      long length = layout.length(s);
      byLength[s] = -length << 32 | s;
      work += (double) length * length * heads;
    }
    Arrays.sort(byLength);
    double largest = work / (SHARE * threads);
    this.sequences = new int[count];
    this.firsts = new int[count + 1];
    this.cuts = new int[count];
    this.panels = new int[count];
    for (int i = 0; i < count; i++) {
      sequences[i] = (int) byLength[i];
      double length = layout.length(sequences[i]);
      panels[i] = Math.ceilDiv(layout.length(sequences[i]), panel);
      int most = Math.max(1, panels[i] / FEWEST_PANELS);
      int wanted = (int) Math.ceil(length * length / Math.max(1, largest));
      cuts[i] = panels[i] == 0 ? 0 : Math.clamp(wanted, 1, most);
      firsts[i + 1] = firsts[i] + cuts[i] * heads;
    }
  }

  /** A range of panels of one head of one sequence. */
  record Task(int sequence, int head, int fromPanel, int toPanel) {}

  int count() {
    return firsts[sequences.length];
  }

  Task task(int number) {
    int found = Arrays.binarySearch(firsts, number);
    int i = found >= 0 ? found : -found - 2;
    // sequences without rows have no tasks
    while (firsts[i + 1] == firsts[i]) {
      i++;
    }
    int inside = number - firsts[i];
    int cut = inside / heads;
    return new Task(
        sequences[i],
        inside % heads,
        (int) ((long) panels[i] * cut / cuts[i]),
        (int) ((long) panels[i] * (cut + 1) / cuts[i]));
  }
}
