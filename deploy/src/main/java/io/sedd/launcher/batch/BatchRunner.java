package io.sedd.launcher.batch;

import java.io.IOException;

/** Whoever does the jobs. */
interface BatchRunner extends AutoCloseable {

  /** Does all jobs of the feed; each has its ending when this returns. */
  void run(JobFeed jobs, Endings endings) throws IOException, InterruptedException;

  @Override
  void close();
}
