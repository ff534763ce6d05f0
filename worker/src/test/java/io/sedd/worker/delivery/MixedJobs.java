package io.sedd.worker.delivery;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.Segment;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Jobs of every kind, for tests. */
public final class MixedJobs {

  private MixedJobs() {}

  /** Free, prefix, suffix, several blanks, tokens; several step counts, samples and predictors. */
  public static GenerationJob mixed(int i) {
    List<Segment> template =
        switch (i % 5) {
          case 0 -> List.of(new Segment.Blank(10 + i % 7));
          case 1 -> List.of(new Segment.Text("Once upon "), new Segment.Blank(12));
          case 2 ->
              List.of(new Segment.Text("a"), new Segment.Blank(9), new Segment.Text(" the end"));
          case 3 ->
              List.of(
                  new Segment.Blank(3),
                  new Segment.Text("é and "),
                  new Segment.Blank(5),
                  new Segment.Text("!"));
          default -> List.of(new Segment.Tokens(List.of(65, 66, 67)), new Segment.Blank(6));
        };
    GenerationJob job = JobDefaults.job("mixed-" + i, template);
    job = i % 11 == 0 ? Jobs.withSamples(job, 3) : job;
    return with(job, 1 + i % 16, i, Map.of("number", String.valueOf(i)));
  }

  private static GenerationJob with(
      GenerationJob job, int steps, long seed, Map<String, String> metadata) {
    return new GenerationJob(
        job.id(),
        job.template(),
        job.samples(),
        steps,
        job.predictor(),
        job.temperature(),
        job.topP(),
        OptionalLong.of(seed),
        job.priority(),
        job.deadline(),
        job.queueTtl(),
        job.progressEvery(),
        metadata);
  }
}
