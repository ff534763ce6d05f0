package io.sedd.worker.telemetry;

import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.JobSink;
import io.sedd.worker.intake.RecordPosition;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Lets watches see what a source hands on. */
public record WatchedSink(JobSink sink, List<JobWatch> watches) implements JobSink {

  @Override
  public boolean full() {
    return sink.full();
  }

  @Override
  public boolean hungry() {
    return sink.hungry();
  }

  @Override
  public void accept(Delivery delivery) {
    // first: the sink may end the job at once
    watches.forEach(watch -> watch.accepted(delivery));
    sink.accept(delivery);
  }

  @Override
  public List<Delivery> claim() {
    return sink.claim();
  }

  @Override
  public void start(List<Delivery> claimed) {
    if (!claimed.isEmpty()) {
      watches.forEach(watch -> watch.started(claimed));
    }
    sink.start(claimed);
  }

  @Override
  public Set<RecordPosition> withdraw(Predicate<RecordPosition> gone) {
    Set<RecordPosition> withdrawn = sink.withdraw(gone);
    watches.forEach(watch -> watch.withdrawn(withdrawn::contains));
    return withdrawn;
  }

  @Override
  public void abandon(Predicate<RecordPosition> gone) {
    sink.abandon(gone);
    watches.forEach(watch -> watch.abandoned(gone));
  }
}
