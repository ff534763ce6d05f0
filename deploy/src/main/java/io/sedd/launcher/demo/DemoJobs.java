package io.sedd.launcher.demo;

import io.sedd.protocol.job.JobError;
import java.util.List;

/** A job of every kind: before the checkpoint is swapped, and after. */
final class DemoJobs {

  /** A small model reads better when it is cooled; the jobs say so. */
  private static final String COOL = "\"temperature\": 0.6, ";

  private static final String STORY =
      COOL + "\"template\": [{\"text\": \"Once upon a time\"}, {\"blank\": 60}]";

  private DemoJobs() {}

  /** Sent at once; the first of them finish on the first checkpoint. */
  static List<DemoJob> first() {
    return List.of(
        completed("free-text", "free text", COOL + "\"template\": [{\"blank\": 96}], \"seed\": 1"),
        completed("prefix", "a beginning to go on from", STORY + ", \"seed\": 2"),
        completed(
            "prefix-suffix",
            "a beginning and an end",
            COOL
                + """
            "template": [{"text": "One day, a little girl named Lily"}, {"blank": 48},
                         {"text": " They were very happy."}], "seed": 3"""),
        completed(
            "several-blanks",
            "blanks anywhere",
            COOL
                + """
            "template": [{"text": "The dog was very"}, {"blank": 2}, {"text": ". He ran to the"}, {"blank": 2},
                         {"text": " and saw a big"}, {"blank": 3}, {"text": ". \\"Let's play!\\" said"}, {"blank": 8}],
            "seed": 4"""),
        completed("few-steps", "16 steps only", STORY + ", \"steps\": 16, \"seed\": 5"),
        completed("many-steps", "256 steps", STORY + ", \"steps\": 256, \"seed\": 5"),
        completed(
            "euler", "the Euler predictor", STORY + ", \"predictor\": \"euler\", \"seed\": 6"),
        new DemoJob(
            "two-samples",
            "two texts from one job",
            job("two-samples", STORY + ", \"samples\": 2, \"seed\": 7, \"topP\": 0.95"),
            new Expectation.Completed(2)),
        new DemoJob(
            "invalid",
            "a job that asks for 0 steps",
            job("invalid", STORY + ", \"steps\": 0"),
            new Expectation.Refused(JobError.Code.OUT_OF_RANGE)),
        new DemoJob(
            "not-json",
            "a record that is not JSON",
            "Tell me a story, please.",
            new Expectation.DeadLetter(JobError.Code.NOT_JSON)));
  }

  /** Sent when the newer checkpoint serves. */
  static List<DemoJob> afterTheSwap() {
    return List.of(
        completed("prefix-again", "the same beginning, newer checkpoint", STORY + ", \"seed\": 2"),
        completed(
            "free-text-again",
            "free text, newer checkpoint",
            COOL + "\"template\": [{\"blank\": 96}], \"seed\": 8"));
  }

  private static DemoJob completed(String id, String title, String fields) {
    return new DemoJob(id, title, job(id, fields), new Expectation.Completed(1));
  }

  private static String job(String id, String fields) {
    return "{\"id\": \"" + id + "\", " + fields + "}";
  }
}
