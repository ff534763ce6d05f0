package io.sedd.launcher.bench;

/** What can be measured; the ceiling always is, for shares need it. */
enum Section {
  FORWARD,
  STEP,
  GENERATION,
  TRAINING
}
