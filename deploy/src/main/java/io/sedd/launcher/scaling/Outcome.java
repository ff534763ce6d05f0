package io.sedd.launcher.scaling;

/**
 * What a simulated time brought.
 *
 * @param workers how many there were
 * @param jobsPerSecond confirmed after a first part of the time
 * @param busy mean share of the workers' full speed that was in use
 * @param meanWait seconds from a job's arrival to its start, of those that were confirmed
 * @param meanTime seconds from arrival to confirmation
 */
record Outcome(int workers, double jobsPerSecond, double busy, double meanWait, double meanTime) {}
