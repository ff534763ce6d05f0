/**
 * The files of a checkpoint: weights, configuration, manifest, and the folder that publishes them.
 */
package io.sedd.protocol.checkpoint;
