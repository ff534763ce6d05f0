package io.sedd.diffusion;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.protocol.checkpoint.Canary;
import io.sedd.protocol.checkpoint.CheckpointException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tells whether loaded weights are the function that was saved: log scores of a few short noisy
 * sequences, recorded by the trainer and computed again by whoever loads the checkpoint.
 */
public final class CanaryProbe {

  /**
   * Absolute; far above the rounding of fp32 and of bf16 weights computed in fp32, far below any
   * wrong tensor.
   */
  public static final double TOLERANCE = 1e-2;

  /**
   * Added where one side multiplied in bf16: log scores of the golden models differ by up to 0.074
   * then, those of the demo's checkpoints by 0.049.
   */
  public static final double BF16_ROUNDING = 0.2;

  /** Columns of each position that are recorded, spread evenly. */
  private static final int COLUMNS = 8;

  private final Backend backend;

  public CanaryProbe(Backend backend) {
    this.backend = backend;
  }

  /**
   * Records what a model says.
   *
   * @param sequences noisy states, one array a sequence
   * @param sigma total noise of each
   */
  public Canary record(ScoreModel model, List<int[]> sequences, double[] sigma) {
    List<Canary.Row> rows = new ArrayList<>();
    try (Workspace workspace = backend.workspace()) {
      for (int s = 0; s < sequences.size(); s++) {
        int[] tokens = sequences.get(s);
        float[] logits = logits(model, tokens, sigma[s], workspace);
        List<Canary.LogScore> values = new ArrayList<>();
        int states = model.shape().states();
        for (int p = 0; p < tokens.length; p++) {
          for (int c = 0; c < COLUMNS; c++) {
            int state = (int) ((long) c * states / COLUMNS);
            if (state != tokens[p]) {
              double logScore = logits[p * states + state] + model.logOffset(sigma[s]);
              values.add(new Canary.LogScore(p, state, logScore));
            }
          }
        }
        rows.add(new Canary.Row(Arrays.stream(tokens).boxed().toList(), sigma[s], values));
      }
    }
    return new Canary(TOLERANCE + rounding(), rows);
  }

  /**
   * Compares a model with what was recorded.
   *
   * @throws CheckpointException naming the first value that differs by more than the canary's
   *     tolerance, and {@link #BF16_ROUNDING} where this backend multiplies in bf16
   */
  public void verify(ScoreModel model, Canary canary) {
    double tolerance = canary.tolerance() + rounding();
    try (Workspace workspace = backend.workspace()) {
      for (int s = 0; s < canary.rows().size(); s++) {
        Canary.Row row = canary.rows().get(s);
        int[] tokens = row.tokens().stream().mapToInt(Integer::intValue).toArray();
        float[] logits = logits(model, tokens, row.sigma(), workspace);
        for (Canary.LogScore expected : row.expected()) {
          double actual =
              logits[expected.position() * model.shape().states() + expected.state()]
                  + model.logOffset(row.sigma());
          if (!(Math.abs(actual - expected.logScore()) <= tolerance)) {
            throw new CheckpointException(
                "canary row %d, position %d, state %d: the log score is %s, recorded was %s (tolerance %s)"
                    .formatted(
                        s,
                        expected.position(),
                        expected.state(),
                        actual,
                        expected.logScore(),
                        tolerance));
          }
        }
      }
    }
  }

  private double rounding() {
    return backend.precision() == Precision.BF16 ? BF16_ROUNDING : 0;
  }

  private float[] logits(ScoreModel model, int[] tokens, double sigma, Workspace workspace) {
    NetworkInput input =
        NetworkInput.ofAll(RowLayout.ofLengths(tokens.length), tokens, new double[] {sigma});
    Tensor logits = model.logits(input, workspace);
    float[] values = backend.read(logits);
    workspace.reset();
    return values;
  }
}
