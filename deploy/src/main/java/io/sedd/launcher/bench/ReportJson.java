package io.sedd.launcher.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sedd.diffusion.sampling.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A report for programs; docs/bench.md has every key. */
final class ReportJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ReportJson() {}

  /** The whole report, ending with a line break. */
  static String of(BenchReport report) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree(report)) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }

  private static ObjectNode tree(BenchReport report) {
    ObjectNode root = MAPPER.createObjectNode();
    subject(root.putObject("subject"), report);
    root.put("machine", report.machine());
    ObjectNode ceiling = root.putObject("ceiling");
    for (NumberType type : NumberType.values()) {
      ceiling.putNull(type.label()); // stays where the type was not measured; notes say why
    }
    ArrayNode devices = root.putArray("devices");
    ArrayNode products = root.putArray("products");
    ArrayNode forward = root.putArray("forward");
    ArrayNode steps = root.putArray("step");
    ArrayNode ratios = root.putArray("ratios");
    ArrayNode generation = root.putArray("generation");
    ArrayNode training = root.putArray("training");
    for (TypeReport type : report.types()) {
      String label = type.type().label();
      ceiling.put(label, type.ceiling());
      devices.addObject().put("type", label).put("description", type.device());
      type.products().forEach(product -> add(products.addObject(), product));
      type.forward().forEach(rate -> add(forward.addObject(), rate));
      type.steps().forEach(cost -> add(steps.addObject(), cost));
      type.ratios().ifPresent(r -> add(ratios.addObject(), r));
      type.generation().forEach(rate -> add(generation.addObject(), rate));
      type.training().forEach(rate -> add(training.addObject(), rate));
    }
    ObjectNode memory = root.putObject("memory");
    report
        .peakBytes()
        .ifPresentOrElse(
            bytes -> memory.put("peakBytes", bytes), () -> memory.putNull("peakBytes"));
    ArrayNode notes = root.putArray("notes");
    report.notes().forEach(notes::add);
    return root;
  }

  private static void subject(ObjectNode node, BenchReport report) {
    node.put("name", report.subject())
        .put("hidden", report.shape().hidden())
        .put("blocks", report.shape().blocks())
        .put("heads", report.shape().heads())
        .put("states", report.shape().states())
        .put("length", report.shape().length())
        .put("parameters", report.parameters());
  }

  private static void add(ObjectNode node, ProductRate product) {
    node.put("type", product.type().label())
        .put("product", product.what())
        .put("rows", product.rows())
        .put("in", product.in())
        .put("out", product.out())
        .put("ms", product.seconds() * 1e3)
        .put("gflops", product.gflops());
  }

  private static void add(ObjectNode node, ForwardRate rate) {
    node.put("shape", rate.shape())
        .put("type", rate.type().label())
        .put("batch", rate.batch())
        .put("tokens", rate.tokens())
        .put("ms", rate.seconds() * 1e3)
        .put("headMs", rate.headSeconds() * 1e3)
        .put("gflops", rate.gflops())
        .put("share", rate.share());
  }

  private static void add(ObjectNode node, StepCost cost) {
    node.put("type", cost.type().label())
        .put("kind", cost.what().label())
        .put("lanes", cost.lanes().members().size())
        .put("tokens", cost.lanes().rows())
        .put("open", cost.lanes().openRows())
        .put("ms", cost.seconds() * 1e3);
    for (Phase phase : Phase.values()) {
      node.put(phase.label() + "Ms", cost.phases().get(phase) * 1e3);
    }
    node.put("drawShare", cost.share(Phase.DRAW)).put("hostShare", cost.share(Phase.HOST));
  }

  private static void add(ObjectNode node, StepRatios ratios) {
    node.put("type", ratios.type().label());
    add(node, "stepOverForward", ratios.stepOverForward());
    add(node, "halfOverFull", ratios.halfOverFull());
    add(node, "mixedOverEqual", ratios.mixedOverEqual());
  }

  private static void add(ObjectNode node, String key, PairedRatio ratio) {
    node.put(key, ratio.median()).putArray(key + "Interval").add(ratio.low()).add(ratio.high());
  }

  private static void add(ObjectNode node, GenerationRate rate) {
    node.put("type", rate.type().label())
        .put("steps", rate.steps())
        .put("batch", rate.batch())
        .put("tokens", rate.tokens())
        .put("seconds", rate.seconds())
        .put("tokensPerSecond", rate.tokensPerSecond())
        .put("extrapolated", rate.extrapolated())
        .put("expectedTokensPerSecond", rate.expectedTokensPerSecond());
  }

  private static void add(ObjectNode node, TrainingRate rate) {
    node.put("shape", rate.shape())
        .put("type", rate.type().label())
        .put("batch", rate.batch())
        .put("tokens", rate.tokens())
        .put("ms", rate.seconds() * 1e3)
        .put("tokensPerSecond", rate.tokensPerSecond())
        .put("gflops", rate.gflops())
        .put("share", rate.share());
  }
}
