package io.sedd.diffusion.sampling;

import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.Philox;
import io.sedd.diffusion.process.Graph;
import java.util.Arrays;
import java.util.Optional;

/**
 * One sequence on its way from noise to text, with the weights that it began with. Its tokens
 * depend on its request and its model alone, never on the batch that it shares.
 *
 * <p>Given positions never change. For the absorbing graph a blank is masked until it is revealed
 * and stays from then on; a lane with nothing masked is finished, however many steps were left. For
 * the uniform graph every blank may change in every step.
 *
 * <p>Not thread-safe: between {@link DenoisingBatch#offer} and the step that returns it, it belongs
 * to the batch's thread.
 */
public final class Lane {

  private final LaneRequest request;
  private final DiffusionModel model;
  private final Trajectory trajectory;
  private final int[] tokens;
  private int[] open;
  private int step;
  private int evaluations;
  private Optional<String> failure = Optional.empty();

  /**
   * A lane before its first step.
   *
   * @throws IllegalArgumentException if the template is longer than the model allows, or has a
   *     token that the model does not know
   */
  public Lane(LaneRequest request, DiffusionModel model) {
    this.request = request;
    this.model = model;
    this.trajectory = new Trajectory(model.noise(), request.steps());
    this.tokens = request.template().tokens();
    this.open = request.template().blanks();
    requireFit();
    for (int p : open) {
      tokens[p] = start(p);
    }
  }

  /** A lane that starts from a given state instead of the prior, to follow a recorded run. */
  Lane(LaneRequest request, DiffusionModel model, int[] start) {
    this(request, model);
    for (int p : open) {
      tokens[p] = start[p];
    }
  }

  private void requireFit() {
    int longest = model.scores().shape().length();
    if (tokens.length > longest) {
      throw new IllegalArgumentException(
          "the template has " + tokens.length + " tokens, the model takes up to " + longest);
    }
    for (int p = 0; p < tokens.length; p++) {
      if (tokens[p] >= model.graph().tokens()) {
        throw new IllegalArgumentException(
            "token "
                + tokens[p]
                + " at position "
                + p
                + " lies outside the model's "
                + model.graph().tokens()
                + " tokens");
      }
    }
  }

  /** A state from the prior. */
  private int start(int position) {
    return switch (model.graph()) {
      case Graph.Absorbing absorbing -> absorbing.mask();
      case Graph.Uniform uniform ->
          (int)
              (uniform.states()
                  * Philox.uniform53(request.seed(), request.sample(), 0, position, Philox.PRIOR));
    };
  }

  /** What was asked for. */
  public LaneRequest request() {
    return request;
  }

  /** The weights that this lane began with and ends with. */
  public DiffusionModel model() {
    return model;
  }

  /** Number of positions, given and blank: the rows that it takes up in a batch. */
  public int length() {
    return tokens.length;
  }

  /**
   * The present states; a copy. For the absorbing graph, the mask where nothing is revealed yet.
   */
  public int[] tokens() {
    return tokens.clone();
  }

  /** Steps of the predictor taken; the denoiser is not counted. At most the request's steps. */
  public int stepsTaken() {
    return Math.min(step, trajectory.steps());
  }

  /** Evaluations of the network for this lane so far, that of the denoiser included. */
  public int evaluations() {
    return evaluations;
  }

  /** Number of positions still to be filled; for the uniform graph, all blanks until the end. */
  public int remaining() {
    return finished() ? 0 : open.length;
  }

  /** The positions still to be filled, ascending: as many as {@link #remaining}. */
  public int[] unfilled() {
    return finished() ? new int[0] : open.clone();
  }

  /** Whether all is filled: after the denoiser, or earlier where nothing can change any more. */
  public boolean finished() {
    return step > trajectory.steps() || open.length == 0;
  }

  /** Why this lane could not be denoised, if it could not. */
  public Optional<String> failure() {
    return failure;
  }

  /** Whether no step will be taken any more. */
  boolean ended() {
    return finished() || failure.isPresent();
  }

  /** Positions that the next step may change, ascending; not to be written to. */
  int[] open() {
    return open;
  }

  /** Total noise at the next step. */
  double sigma() {
    return trajectory.sigma(step);
  }

  /** How the next step draws. */
  DrawRule rule() {
    return trajectory
        .kernel(model.graph(), request.predictor(), step)
        .rule(model.scores().logOffset(sigma()), request, step);
  }

  /** Copies the present states into a batch's rows. */
  void copyTokens(int[] rows, int start) {
    System.arraycopy(tokens, 0, rows, start, tokens.length);
  }

  /** Takes the step: the new states of the open positions lie in {@code drawn} from here on. */
  void advance(int[] drawn, int from) {
    for (int i = 0; i < open.length; i++) {
      tokens[open[i]] = drawn[from + i];
    }
    if (model.graph() instanceof Graph.Absorbing absorbing) {
      open = Arrays.stream(open).filter(p -> tokens[p] == absorbing.mask()).toArray();
    }
    evaluations++;
    step++;
  }

  /** Ends the lane where it stands. */
  void fail(String why) {
    evaluations++;
    failure = Optional.of("step " + step + ": " + why);
  }
}
