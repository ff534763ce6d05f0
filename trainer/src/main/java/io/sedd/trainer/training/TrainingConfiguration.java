package io.sedd.trainer.training;

import io.sedd.diffusion.backend.Precision;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import io.sedd.protocol.checkpoint.CheckpointConfig.GraphType;
import io.sedd.protocol.checkpoint.CheckpointConfig.NoiseType;
import io.sedd.protocol.checkpoint.TensorType;
import io.sedd.trainer.corpus.Corpus;
import io.sedd.trainer.corpus.Detokenizer;
import io.sedd.trainer.corpus.TextFormat;
import io.sedd.trainer.evaluation.BoundSettings;
import io.sedd.trainer.objective.TimeSampling;
import io.sedd.trainer.optimizer.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code train --config} reads; the defaults are in {@code train-defaults.yaml} beside this
 * class. Paths are relative to the working folder.
 *
 * @param corpus the text
 * @param tokenizer how text becomes tokens
 * @param model shape of the network
 * @param process graph and noise
 * @param objective what the network is trained for
 * @param batch sequences of a step
 * @param optimizer learning rate, AdamW, clipping, moving average
 * @param run when it ends and what it does on the way
 * @param evaluation on held-out text
 * @param samples texts drawn on the way
 * @param checkpoints where they go
 * @param metrics the metrics log
 * @param backend the device
 * @param seed of initial weights, order of the text, times and noise
 */
public record TrainingConfiguration(
    Texts corpus,
    Vocabulary tokenizer,
    Network model,
    ForwardProcess process,
    CheckpointConfig.Objective objective,
    BatchSize batch,
    Recipe optimizer,
    RunLimits run,
    Evaluation evaluation,
    Samples samples,
    Checkpoints checkpoints,
    Metrics metrics,
    Device backend,
    long seed) {

  /** How text becomes tokens. */
  public enum TokenizerKind {
    /** That of a packed corpus; for texts, trained on them. */
    AUTO,
    /** The project's own byte-level BPE, trained on the training text. */
    TRAIN,
    /** A {@code tokenizer.json}. */
    FILE,
    /** One token a byte. */
    BYTES,
    /** GPT-2's. */
    GPT2
  }

  /**
   * The text.
   *
   * @param train files and folders, UTF-8, gzipped or not
   * @param packed in place of them, a folder that {@code corpus pack} made
   * @param verify whether the packed folder's hashes are compared before the run begins
   * @param heldOut files that are only evaluated on; may be none
   * @param format how files hold documents
   * @param field of a JSON line that has the text
   * @param detokenizer takes back what the makers of a data set did to its text
   * @param shifted whether every epoch cuts the sequences at another place of the text
   */
  public record Texts(
      List<Path> train,
      Optional<Path> packed,
      boolean verify,
      List<Path> heldOut,
      TextFormat format,
      String field,
      Detokenizer detokenizer,
      boolean shifted) {

    public Texts {
      if (train.isEmpty() && packed.isEmpty()) {
        throw new IllegalArgumentException(
            "train names no file; give at least one text, or a packed corpus in packed");
      }
      if (!train.isEmpty() && packed.isPresent()) {
        throw new IllegalArgumentException("both train and packed are given; give one of them");
      }
    }

    Corpus.Reading reading() {
      return new Corpus.Reading(format, field, detokenizer);
    }
  }

  /**
   * The tokenizer.
   *
   * @param kind which
   * @param vocabulary tokens of a trained one, end of text included
   * @param file of kind {@code FILE}
   */
  public record Vocabulary(TokenizerKind kind, int vocabulary, Optional<Path> file) {

    public Vocabulary {
      if (kind == TokenizerKind.FILE && file.isEmpty()) {
        throw new IllegalArgumentException("kind is file, but file is not given");
      }
    }
  }

  /**
   * The network.
   *
   * @param length tokens of a sequence
   * @param hidden width of the residual stream
   * @param conditioning width of the noise conditioning
   * @param blocks transformer blocks
   * @param heads attention heads, a divisor of the hidden size
   * @param scaleBySigma whether the output is scaled by the noise; of log scores only
   * @param dropout share of the numbers that training drops after each attention and each MLP
   * @param recompute whether blocks are computed again on the way back: less memory, for the time
   *     of one forward more
   * @param initialWeights a checkpoint's folder whose weights a new run begins with, and whose
   *     vocabulary it then has; drawn from the seed where none is given
   */
  public record Network(
      int length,
      int hidden,
      int conditioning,
      int blocks,
      int heads,
      boolean scaleBySigma,
      double dropout,
      boolean recompute,
      Optional<Path> initialWeights) {

    public Network {
      if (!(dropout >= 0 && dropout < 1)) {
        throw new IllegalArgumentException("dropout " + dropout + " must lie in [0, 1)");
      }
    }
  }

  /**
   * The forward process and the times that it is looked at.
   *
   * @param graph which
   * @param noise its schedule
   * @param sigmaMin total noise at t = 0 of the geometric schedule
   * @param sigmaMax total noise at t = 1 of the geometric schedule
   * @param earliest smallest t in training
   * @param times how the times of a step hang together
   */
  public record ForwardProcess(
      GraphType graph,
      NoiseType noise,
      double sigmaMin,
      double sigmaMax,
      double earliest,
      TimeSampling times) {}

  /**
   * The likelihood bound on held-out text.
   *
   * @param sequences evaluated, spread over the text; 0 for all
   * @param bound how closely
   */
  public record Evaluation(int sequences, BoundSettings bound) {

    public Evaluation {
      if (sequences < 0) {
        throw new IllegalArgumentException("sequences " + sequences + " must not be negative");
      }
    }
  }

  /**
   * Texts drawn from the moving average, to be looked at.
   *
   * @param every steps between them; 0 for none
   * @param texts how many
   * @param steps of the predictor
   */
  public record Samples(int every, int texts, int steps) {

    public Samples {
      if (every < 0 || texts < 1 || steps < 1) {
        throw new IllegalArgumentException(
            "every must not be negative, texts and steps at least 1, but they are %d, %d, %d"
                .formatted(every, texts, steps));
      }
    }
  }

  /**
   * Checkpoints.
   *
   * @param folder the store
   * @param keep how many stay
   * @param weights how the model file has its numbers: F32 or BF16
   * @param trainingState whether a run can go on from them; without it they are small
   */
  public record Checkpoints(Path folder, int keep, TensorType weights, boolean trainingState) {

    public Checkpoints {
      if (keep < 1) {
        throw new IllegalArgumentException("keep " + keep + " must be at least 1");
      }
      if (weights != TensorType.F32 && weights != TensorType.BF16) {
        throw new IllegalArgumentException("weights are f32 or bf16, not " + weights);
      }
    }
  }

  /**
   * The metrics log.
   *
   * @param file where; {@code metrics.jsonl} in the checkpoint folder if absent
   * @param every steps to a line
   * @param tensorboard folder of event files for TensorBoard; none are written if absent
   */
  public record Metrics(Optional<Path> file, int every, Optional<Path> tensorboard) {

    public Metrics {
      if (every < 1) {
        throw new IllegalArgumentException("every " + every + " must be at least 1");
      }
    }
  }

  /**
   * The device.
   *
   * @param name of the backend; the best that can start if absent
   * @param threads on the host; 0 for one a processor
   * @param device which of its kind, from 0
   * @param precision of the matrix products; weights, gradients and moments are fp32 in any case
   */
  public record Device(Optional<String> name, int threads, int device, Precision precision) {}

  /** What a checkpoint of this run says about itself. */
  CheckpointConfig checkpointConfig(int tokens, String tokenizerName) {
    boolean autoregressive = objective == CheckpointConfig.Objective.AUTOREGRESSIVE;
    return new CheckpointConfig(
        tokens,
        // a model of the next token has no graph, but a state that begins its sequences
        autoregressive ? GraphType.ABSORB : process.graph(),
        new CheckpointConfig.Noise(process.noise(), process.sigmaMin(), process.sigmaMax()),
        new CheckpointConfig.Model(
            model.hidden(),
            model.conditioning(),
            model.length(),
            model.blocks(),
            model.heads(),
            model.scaleBySigma() && objective.givesLogScores(),
            model.dropout()),
        objective,
        tokenizerName);
  }
}
