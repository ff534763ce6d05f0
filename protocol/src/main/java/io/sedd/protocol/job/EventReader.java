package io.sedd.protocol.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** JSON objects to the small messages: progress and cancellation. */
final class EventReader {

  private static final List<String> PROGRESS_FIELDS =
      List.of("jobId", "sample", "step", "steps", "masked", "text");
  private static final List<String> CANCELLATION_FIELDS = List.of("jobId");

  private EventReader() {}

  static Decoded<JobProgress> progress(ObjectNode node) {
    return read(
        node,
        PROGRESS_FIELDS,
        progress ->
            new JobProgress(
                progress.name("jobId", JobLimits.MAX_ID_CHARACTERS),
                progress.count("sample", 0),
                progress.count("step", 0),
                progress.count("steps", 1),
                progress.count("masked", 0),
                progress.text("text")));
  }

  static Decoded<JobCancellation> cancellation(ObjectNode node) {
    return read(
        node,
        CANCELLATION_FIELDS,
        cancellation ->
            new JobCancellation(cancellation.name("jobId", JobLimits.MAX_ID_CHARACTERS)));
  }

  private static <M> Decoded<M> read(
      ObjectNode node, List<String> known, Function<StrictObject, M> reader) {
    Faults faults = new Faults();
    M message = reader.apply(new StrictObject(node, "$", known, faults));
    return faults.isEmpty()
        ? new Decoded.Valid<>(message)
        : new Decoded.Refused<>(JobReader.usableId(node, "jobId"), Map.of(), faults.list());
  }
}
