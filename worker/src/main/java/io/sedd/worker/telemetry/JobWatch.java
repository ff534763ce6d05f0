package io.sedd.worker.telemetry;

import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.publishing.Settlement;
import java.util.List;
import java.util.function.Predicate;

/** Sees jobs come and go, changes nothing. Called by several threads; must not block. */
public interface JobWatch {

  /** A job is in this worker's hands. */
  default void accepted(Delivery delivery) {}

  /** These jobs may run; they were started together. */
  default void started(List<Delivery> batch) {}

  /** A job has ended. */
  default void settled(RecordPosition position, Settlement settlement) {}

  /** Jobs that do not run are given back. */
  default void withdrawn(Predicate<RecordPosition> gone) {}

  /** Jobs are given up, started or not. */
  default void abandoned(Predicate<RecordPosition> gone) {}
}
