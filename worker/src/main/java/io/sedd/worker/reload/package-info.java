/** Brings new checkpoints in while the old one serves. */
package io.sedd.worker.reload;
