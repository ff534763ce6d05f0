package io.sedd.worker.http;

import io.sedd.worker.http.HealthReport.Part;
import io.vertx.core.Future;

/** What the HTTP server asks of the worker. Called on the event loop; must not block it. */
public interface WorkerHealth {

  /** Whether the worker's threads turn; a worker of which this is not true should be restarted. */
  HealthReport live();

  /** Whether it takes jobs: broker, device, checkpoint. */
  Future<HealthReport> ready();

  /** Whether it has ever served a checkpoint. */
  Part started();
}
