package io.sedd.worker.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * What a delivery mode costs.
 *
 * @param mode name of the mode
 * @param jobs in one measurement of the rates
 * @param backlogRate jobs a second of a waiting backlog, from the first result to the last
 * @param streamRate jobs a second while a client in the same process sends them
 * @param lone number of jobs that were sent one at a time
 * @param direct sorted milliseconds from sending a record to reading it, with no worker between
 * @param bare sorted milliseconds through the least that exactly-once delivery can be; none in a
 *     mode without transactions
 * @param through sorted milliseconds from sending a job to reading its result
 */
record OverheadFigures(
    String mode,
    int jobs,
    double backlogRate,
    double streamRate,
    int lone,
    double[] direct,
    double[] bare,
    double[] through) {

  static final String HEAD =
      """
      mode         | backlog jobs/s | while sent jobs/s | direct ms, median 99 %% | bare transactions ms, median 99 %% | through worker ms, median 99 %% | added ms, median 99 %%\
      """
          .formatted();

  /** The added time is that through the worker less the median of the direct way. */
  private double added(double share) {
    return at(through, share) - at(direct, 0.5);
  }

  private static double at(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.round(share * sorted.length))];
  }

  String row() {
    return String.format(
        Locale.ROOT,
        "%-12s | %14.0f | %17.0f | %11.1f %11.1f | %22.1f %12.1f | %19.1f %12.1f | %10.1f %10.1f",
        mode,
        backlogRate,
        streamRate,
        at(direct, 0.5),
        at(direct, 0.99),
        at(bare, 0.5),
        at(bare, 0.99),
        at(through, 0.5),
        at(through, 0.99),
        added(0.5),
        added(0.99));
  }

  static String json(List<OverheadFigures> all) throws JsonProcessingException {
    ObjectMapper mapper = new ObjectMapper();
    ArrayNode list = mapper.createArrayNode();
    for (OverheadFigures figures : all) {
      ObjectNode node = list.addObject();
      node.put("mode", figures.mode).put("jobs", figures.jobs).put("loneJobs", figures.lone);
      node.put("backlogJobsPerSecond", figures.backlogRate);
      node.put("streamedJobsPerSecond", figures.streamRate);
      node.put("directMillisMedian", at(figures.direct, 0.5));
      node.put("directMillis99", at(figures.direct, 0.99));
      if (figures.bare.length > 0) {
        node.put("bareTransactionsMillisMedian", at(figures.bare, 0.5));
        node.put("bareTransactionsMillis99", at(figures.bare, 0.99));
      }
      node.put("throughWorkerMillisMedian", at(figures.through, 0.5));
      node.put("throughWorkerMillis99", at(figures.through, 0.99));
      node.put("addedMillisMedian", figures.added(0.5));
      node.put("addedMillis99", figures.added(0.99));
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(list);
  }
}
