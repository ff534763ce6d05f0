package io.sedd.launcher.demo;

import java.nio.charset.StandardCharsets;

/**
 * One record that the demo puts on the jobs topic.
 *
 * @param id the job's id, which is also the record's key
 * @param title what it shows
 * @param json the record's value, as a submitter would write it
 * @param expectation how it must end
 */
record DemoJob(String id, String title, String json, Expectation expectation) {

  byte[] record() {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
