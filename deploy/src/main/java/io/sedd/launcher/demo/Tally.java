package io.sedd.launcher.demo;

import io.sedd.launcher.demo.Outcomes.Outcome;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which jobs have ended, and whether each ended as it should, once. Used by one thread. */
final class Tally {

  private final Map<String, DemoJob> sent = new LinkedHashMap<>();
  private final Map<String, GenerationResult> results = new LinkedHashMap<>();
  private final Map<String, String> deadLetterCodes = new LinkedHashMap<>();
  private final List<String> surprises = new ArrayList<>();

  void sent(DemoJob job) {
    sent.put(job.id(), job);
  }

  /** The job that an outcome belongs to. */
  DemoJob job(Outcome outcome) {
    String id =
        switch (outcome) {
          case Outcome.Result(GenerationResult result) -> result.jobId();
          case Outcome.DeadLetter letter -> letter.key();
        };
    DemoJob job = sent.get(id);
    if (job == null) {
      throw new IllegalStateException("an outcome names job '" + id + "', which was never sent");
    }
    return job;
  }

  void add(Outcome outcome) {
    String id = job(outcome).id();
    boolean again =
        switch (outcome) {
          case Outcome.Result(GenerationResult result) -> results.put(id, result) != null;
          case Outcome.DeadLetter letter -> deadLetterCodes.put(id, letter.code()) != null;
        };
    if (again) {
      surprises.add(id + " ended twice");
    }
  }

  /** Completed results so far. */
  long completed() {
    return results.values().stream()
        .filter(r -> r.outcome() == GenerationResult.Outcome.COMPLETED)
        .count();
  }

  /** Ids of jobs that have not ended yet. */
  List<String> waiting() {
    return sent.values().stream().filter(job -> !ended(job)).map(DemoJob::id).toList();
  }

  private boolean ended(DemoJob job) {
    return switch (job.expectation()) {
      case Expectation.Completed _ -> results.containsKey(job.id());
      case Expectation.Refused _ ->
          results.containsKey(job.id()) && deadLetterCodes.containsKey(job.id());
      case Expectation.DeadLetter _ -> deadLetterCodes.containsKey(job.id());
    };
  }

  /** Checkpoints that wrote texts, in the order of their first text. */
  Set<String> checkpoints() {
    Set<String> names = new LinkedHashSet<>();
    results.values().forEach(r -> r.checkpoint().ifPresent(c -> names.add(c.name())));
    return names;
  }

  /** Tokens of all texts. */
  long tokens() {
    return results.values().stream()
        .flatMap(r -> r.samples().stream())
        .mapToLong(s -> s.tokens().size())
        .sum();
  }

  /** What did not end as it should; empty for a demo that went well. */
  List<String> surprises() {
    List<String> all = new ArrayList<>(surprises);
    for (DemoJob job : sent.values()) {
      if (!ended(job)) {
        all.add(job.id() + " has not ended");
      } else if (!asExpected(job)) {
        all.add(job.id() + " should end with " + job.expectation() + " and did not");
      }
    }
    if (checkpoints().size() < 2) {
      all.add("texts came from " + checkpoints() + " only: no checkpoint was swapped in");
    }
    return all;
  }

  private boolean asExpected(DemoJob job) {
    GenerationResult result = results.get(job.id());
    String letter = deadLetterCodes.get(job.id());
    return switch (job.expectation()) {
      case Expectation.Completed(int samples) ->
          result.outcome() == GenerationResult.Outcome.COMPLETED
              && result.samples().size() == samples
              && letter == null;
      case Expectation.Refused(JobError.Code code) ->
          result.outcome() == GenerationResult.Outcome.FAILED
              && result.error().map(JobError::code).filter(code::equals).isPresent()
              && code.wireName().equals(letter);
      case Expectation.DeadLetter(JobError.Code code) ->
          result == null && code.wireName().equals(letter);
    };
  }
}
