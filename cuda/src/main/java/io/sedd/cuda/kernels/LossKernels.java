package io.sedd.cuda.kernels;

import static io.sedd.cuda.kernels.Device.fp32;

import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.memory.CudaTensor;
import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.ScoreTerm;
import io.sedd.diffusion.process.Graph;
import java.util.Arrays;
import java.util.List;

/**
 * Losses of rows and their gradients, and log scores from the mean; logits, gradient [R, V]. The
 * formulas are those of the reference's kernels of the same names. What is one number a sequence is
 * worked out here, in double.
 */
final class LossKernels {

  private static final int THREADS = 256;

  private final Device device;
  private final LayoutTables layouts;

  LossKernels(Device device, LayoutTables layouts) {
    this.device = device;
    this.layouts = layouts;
  }

  void scoreEntropy(
      Graph graph,
      CudaTensor logits,
      RowLayout layout,
      int[] x,
      int[] x0,
      List<EntropyTerm> terms,
      double[] loss,
      CudaTensor gradient) {
    if (logits.size() == 0) {
      return;
    }
    double[] packed =
        terms.stream()
            .flatMapToDouble(
                term -> {
                  double e = Math.expm1(term.sigma());
                  double r = e / (e + graph.states());
                  return Arrays.stream(new double[] {1 / e, r, term.logOffset(), term.weight()});
                })
            .toArray();
    try (Device.Scope _ = device.scope()) {
      KernelArguments arguments =
          new KernelArguments()
              .address(fp32(logits))
              .address(layouts.of(layout).sequenceOf())
              .address(device.upload(x))
              .address(device.upload(x0))
              .address(device.upload(packed));
      String kernel =
          switch (graph) {
            case Graph.Absorbing _ -> "loss_entropy_absorbing";
            case Graph.Uniform _ -> "loss_entropy_uniform";
          };
      run(kernel, arguments, logits, loss, gradient);
    }
  }

  void scoreLoss(
      CudaTensor logits,
      int[] own,
      int[] target,
      List<ScoreTerm> terms,
      double[] loss,
      CudaTensor gradient) {
    if (logits.size() == 0) {
      return;
    }
    double[] packed =
        terms.stream()
            .flatMapToDouble(
                term ->
                    Arrays.stream(
                        new double[] {
                          term.logOffset(),
                          term.square(),
                          term.linear(),
                          term.log(),
                          term.targetLinear(),
                          term.targetLog(),
                          term.constant(),
                          term.weight()
                        }))
            .toArray();
    try (Device.Scope _ = device.scope()) {
      KernelArguments arguments =
          new KernelArguments()
              .address(fp32(logits))
              .address(device.upload(own))
              .address(device.upload(target))
              .address(device.upload(packed));
      run("loss_scores", arguments, logits, loss, gradient);
    }
  }

  void crossEntropy(
      CudaTensor logits,
      int choices,
      int[] target,
      double[] weight,
      double[] loss,
      CudaTensor gradient) {
    if (logits.size() == 0) {
      return;
    }
    try (Device.Scope _ = device.scope()) {
      KernelArguments arguments =
          new KernelArguments()
              .address(fp32(logits))
              .address(device.upload(target))
              .address(device.upload(weight))
              .int32(choices);
      run("loss_cross_entropy", arguments, logits, loss, gradient);
    }
  }

  /** Every kernel of a loss ends with the states, the losses and the gradient. */
  private void run(
      String kernel,
      KernelArguments arguments,
      CudaTensor logits,
      double[] loss,
      CudaTensor gradient) {
    long losses = device.bytes((long) Double.BYTES * loss.length);
    device.launch(
        "loss.cu",
        kernel,
        Grid.line(logits.rows(), THREADS),
        arguments.int32(logits.columns()).address(losses).address(fp32(gradient)));
    device.download(losses, loss);
  }

  void meanScores(Graph graph, CudaTensor logits, RowLayout layout, int[] own, double[] sigma) {
    if (logits.size() == 0) {
      return;
    }
    String kernel =
        switch (graph) {
          case Graph.Absorbing _ -> "loss_mean_absorbing";
          case Graph.Uniform _ -> "loss_mean_uniform";
        };
    try (Device.Scope _ = device.scope()) {
      device.launch(
          "loss.cu",
          kernel,
          Grid.line(logits.rows(), THREADS),
          new KernelArguments()
              .address(fp32(logits))
              .address(layouts.of(layout).sequenceOf())
              .address(device.upload(own))
              .address(device.upload(Arrays.stream(sigma).map(Math::expm1).toArray()))
              .int32(logits.columns()));
    }
  }
}
