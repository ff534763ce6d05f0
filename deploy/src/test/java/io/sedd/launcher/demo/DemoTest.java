package io.sedd.launcher.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The demo as a newcomer runs it: real broker, real weights, a checkpoint swapped under load. */
class DemoTest {

  @Test
  void everyJobEndsAsItShouldAndTwoCheckpointsWriteTexts() {
    StringWriter out = new StringWriter();
    CommandLine demo = new CommandLine(new DemoCommand());
    demo.setOut(new PrintWriter(out, true));
    assertEquals(0, demo.execute(), out.toString());
    assertTrue(out.toString().contains("Every job ended as it should"), out.toString());
    for (DemoJob job : DemoJobs.first()) {
      assertTrue(out.toString().contains("* " + job.id() + " ("), job.id());
    }
  }
}
