package io.sedd.launcher.bench;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.diffusion.sampling.DiffusionModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Measures one type of numbers on one backend, part by part. */
final class BenchRun {

  private final Subject subject;
  private final BenchPlan plan;
  private final Stopwatch stopwatch;
  private final Consumer<String> progress;

  /**
   * @param progress told what is being measured
   */
  BenchRun(Subject subject, BenchPlan plan, LongSupplier nanos, Consumer<String> progress) {
    this.subject = subject;
    this.plan = plan;
    this.stopwatch = new Stopwatch(nanos, plan.runs(), plan.repeatSeconds());
    this.progress = progress;
  }

  TypeReport measure(NumberType type, Backend backend) throws IOException {
    List<String> notes = new ArrayList<>();
    progress.accept(type.label() + ": matrix products");
    List<ProductRate> products =
        new CeilingBench(backend, type, stopwatch)
            .measure(subject.shape(), plan.productRows(subject.shape()), plan.largeProducts());
    double ceiling = products.stream().mapToDouble(ProductRate::gflops).max().orElseThrow();
    List<ForwardRate> forward = new ArrayList<>();
    Optional<StepBench.Outcome> steps = Optional.empty();
    List<GenerationRate> generation = new ArrayList<>();
    try (ScoreNetwork network = subject.open(backend)) {
      DiffusionModel model = new DiffusionModel(network, subject.process());
      if (plan.wants(Section.FORWARD)) {
        for (int batch : plan.batches()) {
          progress.accept("%s: evaluation of %d sequences".formatted(type.label(), batch));
          forward.add(forward(type, backend, network, batch, ceiling));
        }
      }
      if (plan.wants(Section.STEP)) {
        progress.accept(type.label() + ": steps");
        steps =
            Optional.of(
                new StepBench(backend, model, type, stopwatch)
                    .measure(plan.batches().getFirst(), plan.larger()));
      }
      if (plan.wants(Section.GENERATION)) {
        GenerationBench bench =
            new GenerationBench(backend, model, type, stopwatch, plan.runs(), plan.budgetSeconds());
        for (int batch : plan.batches()) {
          progress.accept("%s: generation, %d sequences".formatted(type.label(), batch));
          generation.addAll(bench.measure(batch, plan.steps()));
        }
      }
    }
    List<TrainingRate> training = new ArrayList<>();
    if (plan.wants(Section.TRAINING)) {
      training(type, backend, ceiling, training, notes);
    }
    return new TypeReport(
        type,
        backend.description(),
        products,
        forward,
        steps.map(StepBench.Outcome::costs).orElse(List.of()),
        steps.map(StepBench.Outcome::ratios),
        generation,
        training,
        notes);
  }

  private ForwardRate forward(
      NumberType type, Backend backend, ScoreNetwork network, int batch, double ceiling) {
    try (Workspace workspace = backend.workspace()) {
      Evaluation evaluation = new Evaluation(network, backend, batch, workspace, stopwatch.nanos());
      double seconds = stopwatch.median(evaluation);
      return new ForwardRate(
          subject.name(),
          type,
          batch,
          evaluation.input().layout().rows(),
          seconds,
          evaluation.headSeconds(),
          new Flops(subject.shape()).forward(evaluation.input()),
          ceiling);
    }
  }

  private void training(
      NumberType type,
      Backend backend,
      double ceiling,
      List<TrainingRate> training,
      List<String> notes)
      throws IOException {
    long parameters = subject.parameters();
    double needed = TrainingBench.bytesNeeded(subject.shape(), parameters, plan.trainingBatch());
    OptionalLong available = ResidentMemory.availableBytes();
    if (available.isPresent() && needed > available.getAsLong()) {
      notes.add(
          String.format(
              Locale.ROOT,
              "training in %s was left out: it needs about %.1f GiB, %.1f GiB are free",
              type.label(),
              needed / (1 << 30),
              available.getAsLong() / (double) (1 << 30)));
      return;
    }
    progress.accept(type.label() + ": training");
    training.add(
        new TrainingBench(backend, subject, type, stopwatch)
            .measure(plan.trainingBatch(), ceiling));
  }
}
