package io.sedd.launcher.bench;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.Head;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.ScoreModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/** One evaluation of masked sequences of full length, all rows wanted, to be repeated. */
final class Evaluation implements Runnable {

  private final ScoreModel model;
  private final Backend backend;
  private final Workspace workspace;
  private final LongSupplier nanos;
  private final NetworkInput input;
  private final List<Double> headSeconds = new ArrayList<>();

  /** An evaluation on a workspace that its owner closes. */
  Evaluation(
      ScoreModel model, Backend backend, int batch, Workspace workspace, LongSupplier nanos) {
    this.model = model;
    this.backend = backend;
    this.workspace = workspace;
    this.nanos = nanos;
    int[] lengths = new int[batch];
    Arrays.fill(lengths, model.shape().length());
    int[] tokens = new int[batch * model.shape().length()];
    Arrays.fill(tokens, model.shape().states() - 1);
    double[] sigma = new double[batch];
    Arrays.fill(sigma, 1);
    this.input = NetworkInput.ofAll(RowLayout.ofLengths(lengths), tokens, sigma);
  }

  NetworkInput input() {
    return input;
  }

  @Override
  public void run() {
    Head head = model.evaluate(input, workspace);
    backend.finish();
    long begin = nanos.getAsLong();
    head.logits(0, input.wanted().length);
    backend.finish();
    headSeconds.add((nanos.getAsLong() - begin) / 1e9);
    workspace.reset();
  }

  /** Median of all runs. */
  double headSeconds() {
    return Stopwatch.median(headSeconds.stream().mapToDouble(s -> s).toArray());
  }
}
