package io.sedd.worker.page;

import io.sedd.worker.intake.Delivery;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What the page asks of the worker. Called on the event loop; no call may block. */
public interface WorkerFacts {

  /** What does not change while the worker lives: its name, its device, its version. */
  JsonObject about();

  /** One word: what the worker is doing. */
  String phase();

  /** Sizes of queue and batch at this moment. */
  JsonObject sizes();

  /** Share of the rows of all batches that are taken. */
  double fill();

  /** The waiting jobs that are first in the order, at most so many. */
  List<Delivery> waiting(int most);
}
