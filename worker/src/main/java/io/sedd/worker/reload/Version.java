package io.sedd.worker.reload;

/**
 * One state of a checkpoint's files.
 *
 * @param name of the checkpoint
 * @param fingerprint of its files, as the store has it
 */
record Version(String name, String fingerprint) {}
