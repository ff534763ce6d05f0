package io.sedd.worker.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;

/**
 * The figures of a soak.
 *
 * @param seconds from the first job to the last result
 * @param hangingTransactions that the operator had to end
 * @param divisions times that a worker found a partition without a member and mended that
 */
record SoakReport(
    Mode mode,
    long seed,
    int workers,
    double seconds,
    Audit audit,
    Map<SoakFaults.Kind, Integer> faults,
    int workerStarts,
    int endedByJobs,
    int hangingTransactions,
    long divisions) {

  private static final int MOST_PROBLEMS = 50;

  private ObjectNode figures() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("mode", mode.key()).put("seed", seed).put("workers", workers);
    json.put("seconds", Math.round(seconds)).put("records", audit.sent());
    json.put("recordsPerSecond", Math.round(10 * audit.sent() / seconds) / 10.0);
    audit.outcomes().forEach((outcome, count) -> json.put(outcome.wireName(), count));
    json.put("deadLetters", audit.deadLetters()).put("doubles", audit.doubles());
    faults.forEach((kind, count) -> json.put(kind.name().toLowerCase(Locale.ROOT), count));
    json.put("workersEndedByJobs", endedByJobs).put("workerStarts", workerStarts);
    json.put("hangingTransactionsAborted", hangingTransactions);
    json.put("groupDivisions", divisions);
    json.put("notAccountedFor", audit.problems().size());
    return json;
  }

  /** A line for each figure, what is wrong, and all figures as one line of JSON. */
  String print() throws JsonProcessingException {
    StringBuilder out = new StringBuilder();
    ObjectNode figures = figures();
    figures
        .properties()
        .forEach(f -> out.append("  %-24s %s%n".formatted(f.getKey(), f.getValue().asText())));
    audit.problems().stream().limit(MOST_PROBLEMS).forEach(p -> out.append(p).append('\n'));
    return out.append(new ObjectMapper().writeValueAsString(figures)).toString();
  }
}
