package io.sedd.launcher.demo;

import io.sedd.launcher.demo.Outcomes.Outcome;
import io.sedd.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The order of events: jobs, a newer checkpoint after the first results, more jobs, the summary.
 */
final class DemoRun {

  /** Completed jobs before the newer checkpoint is published: there are still some running then. */
  private static final int RESULTS_BEFORE_THE_SWAP = 3;

  private final Worker worker;
  private final CheckpointSwap swap;
  private final JobFeed feed;
  private final Outcomes outcomes;
  private final Report report;
  private final Tally tally = new Tally();
  private final long deadline;

  DemoRun(
      Worker worker,
      CheckpointSwap swap,
      JobFeed feed,
      Outcomes outcomes,
      Report report,
      Duration limit) {
    this.worker = worker;
    this.swap = swap;
    this.feed = feed;
    this.outcomes = outcomes;
    this.report = report;
    this.deadline = System.nanoTime() + limit.toNanos();
  }

  /** Returns whether every job ended as it should. */
  boolean toTheEnd() throws IOException, InterruptedException {
    long start = System.nanoTime();
    send(DemoJobs.first());
    while (inTime() && tally.completed() < RESULTS_BEFORE_THE_SWAP) {
      take();
    }
    report.heading("Publishing a newer checkpoint while jobs run: " + swap.newer());
    swap.publish(swap.newer());
    while (inTime() && !worker.checkpoints().serving().equals(Optional.of(swap.newer()))) {
      take();
    }
    send(DemoJobs.afterTheSwap());
    while (inTime() && !tally.waiting().isEmpty()) {
      take();
    }
    summarize((System.nanoTime() - start) / 1e9);
    return tally.surprises().isEmpty();
  }

  private void send(List<DemoJob> jobs) throws InterruptedException {
    report.heading("Sending " + jobs.size() + " records to the jobs topic");
    for (DemoJob job : jobs) {
      tally.sent(job);
      feed.send(job);
    }
  }

  private void take() {
    for (Outcome outcome : outcomes.next()) {
      tally.add(outcome);
      report.outcome(tally.job(outcome), outcome);
    }
  }

  private boolean inTime() {
    return System.nanoTime() < deadline && !worker.failure().isDone();
  }

  private void summarize(double seconds) {
    report.heading(
        tally.surprises().isEmpty() ? "Every job ended as it should" : "Not as it should be:");
    tally.surprises().forEach(surprise -> report.say("  " + surprise));
    report.say(
        String.format(
            Locale.ROOT,
            "%d jobs completed, %d tokens in %.1f s: %.0f tokens/s; written by %s",
            tally.completed(),
            tally.tokens(),
            seconds,
            tally.tokens() / seconds,
            String.join(", then ", tally.checkpoints())));
  }
}
