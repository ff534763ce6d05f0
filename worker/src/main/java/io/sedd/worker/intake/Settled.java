package io.sedd.worker.intake;

import io.sedd.worker.publishing.Settlement;

/** A record whose settlement the broker does not have yet. */
record Settled(RecordPosition position, Settlement settlement) {}
