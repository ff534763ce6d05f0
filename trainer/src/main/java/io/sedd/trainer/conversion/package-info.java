/** Checkpoints that others saved, as this project's and the hub's: read, checked, written anew. */
package io.sedd.trainer.conversion;
