package io.sedd.launcher.scaling;

import io.sedd.launcher.scaling.Delivery.ConsumerGroup;
import io.sedd.launcher.scaling.Delivery.ShareGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The small end, measured and simulated: up to three real workers on four partitions whose steps
 * take a set time.
 *
 * @param mode of delivery
 * @param workers how many
 * @param measured jobs a second
 * @param simulated with the work of a job taken from one worker's measured rate
 */
record Confirmed(String mode, int workers, double measured, double simulated) {

  private static final int PARTITIONS = 4;

  /** Eight at once, each as fast as alone. */
  private static final Speed SPEED = Speed.apart(8);

  /**
   * Reads what {@code ScalingBenchmark} wrote.
   *
   * @throws IOException if the file cannot be read, or is another
   */
  static List<Confirmed> read(Path file, long seed) throws IOException {
    List<Confirmed> all = new ArrayList<>();
    Map<String, Double> ones = new HashMap<>();
    List<String> lines = Files.readAllLines(file);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      if (cells.length != 3) {
        throw new IOException(file + ": not mode, workers, jobs a second: " + line);
      }
      int workers = Integer.parseInt(cells[1]);
      double measured = Double.parseDouble(cells[2]);
      double one = workers == 1 ? measured : ones.get(cells[0]);
      ones.put(cells[0], one);
      Outcome simulated =
          Simulation.saturated(
              delivery(cells[0]), JobMix.equal("measured", 1 / one), SPEED, workers, 20, seed);
      all.add(new Confirmed(cells[0], workers, measured, simulated.jobsPerSecond()));
    }
    return all;
  }

  private static Delivery delivery(String mode) {
    return mode.equals("share-group")
        ? new ShareGroup(PARTITIONS, 4, 200, 2000, Measured.ACKNOWLEDGEMENT)
        : new ConsumerGroup(PARTITIONS, Measured.TRANSACTION);
  }
}
