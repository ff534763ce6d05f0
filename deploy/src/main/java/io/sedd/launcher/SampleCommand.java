package io.sedd.launcher;

import io.sedd.diffusion.LoadedCheckpoint;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.sampling.DenoisingBatch;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.LaneRequest;
import io.sedd.diffusion.sampling.Template;
import io.sedd.diffusion.text.EncodedTemplate;
import io.sedd.diffusion.text.RefusedTemplate;
import io.sedd.diffusion.text.TemplateEncoder;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobError;
import io.sedd.worker.client.JobOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sedd sample}: fills a template here and now, without Kafka. */
@Command(
    name = "sample",
    mixinStandardHelpOptions = true,
    description = "Fills a template in this process, without Kafka, and prints the texts.")
public final class SampleCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private JobOptions job;
  @Mixin private CheckpointOptions checkpoint;

  @Option(
      names = "--backend",
      description = "reference, nd4j or cuda; default: the best that can start here.")
  private Optional<String> backendName = Optional.empty();

  @Option(
      names = "--precision",
      description = "Of the matrix products: default, fp32 or bf16 (default: ${DEFAULT-VALUE}).")
  private Precision precision = Precision.DEFAULT;

  @Override
  public Integer call() throws IOException {
    GenerationJob wanted = wanted();
    try (Backend backend = Backends.open(backendName, BackendOptions.of(precision));
        LoadedCheckpoint loaded = LoadedCheckpoint.load(checkpoint.open(), backend)) {
      Template template = encode(wanted, loaded);
      long capacity = (long) template.length() * wanted.samples();
      try (DenoisingBatch batch = new DenoisingBatch(backend, Math.toIntExact(capacity))) {
        for (int sample = 0; sample < wanted.samples(); sample++) {
          batch.offer(new Lane(LaneRequest.of(wanted, template, sample), loaded.model()));
        }
        PrintWriter out = spec.commandLine().getOut();
        while (!batch.isEmpty()) {
          for (Lane lane : batch.step()) {
            lane.failure()
                .ifPresent(
                    why -> {
                      throw new IllegalStateException(why);
                    });
            out.println(loaded.tokenizer().decode(lane.tokens()));
            out.flush();
          }
        }
      }
    }
    return 0;
  }

  private GenerationJob wanted() {
    try {
      return job.toJob();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "the job is not valid: " + e.getMessage());
    }
  }

  private Template encode(GenerationJob wanted, LoadedCheckpoint loaded) {
    TemplateEncoder encoder =
        new TemplateEncoder(
            loaded.tokenizer(),
            loaded.network().shape().length(),
            loaded.checkpoint().config().tokens());
    return switch (encoder.encode(wanted.template())) {
      case EncodedTemplate encoded -> Template.of(encoded.tokens());
      case RefusedTemplate(JobError error) ->
          throw new ParameterException(spec.commandLine(), error.path() + ": " + error.message());
    };
  }
}
