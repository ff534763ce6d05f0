package io.sedd.worker.telemetry;

import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.intake.Settlements;
import io.sedd.worker.publishing.Settlement;
import java.util.List;

/** Lets watches see how jobs ended. */
public record WatchedSettlements(Settlements settlements, List<JobWatch> watches)
    implements Settlements {

  @Override
  public void settle(RecordPosition position, Settlement settlement) {
    watches.forEach(watch -> watch.settled(position, settlement));
    settlements.settle(position, settlement);
  }
}
