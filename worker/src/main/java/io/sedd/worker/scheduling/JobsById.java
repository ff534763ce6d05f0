package io.sedd.worker.scheduling;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The jobs that are here by their ids, so that a cancellation need not look at all. Several may
 * have one id: a sender may use it twice. Not thread-safe.
 */
final class JobsById {

  private final Map<String, List<ScheduledJob>> jobs = new HashMap<>();

  void add(ScheduledJob job) {
    jobs.merge(
        id(job),
        List.of(job),
        (before, more) -> Stream.concat(before.stream(), more.stream()).toList());
  }

  void remove(ScheduledJob job) {
    jobs.computeIfPresent(
        id(job),
        (_, all) -> {
          List<ScheduledJob> rest = all.stream().filter(other -> other != job).toList();
          return rest.isEmpty() ? null : rest;
        });
  }

  List<ScheduledJob> of(String id) {
    return jobs.getOrDefault(id, List.of());
  }

  private static String id(ScheduledJob job) {
    return job.delivery().job().id();
  }
}
