/** Hearing of new checkpoints before the next look at LATEST. */
package io.sedd.worker.announcement;
