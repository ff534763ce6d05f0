package io.sedd.trainer.training;

import io.sedd.protocol.checkpoint.CheckpointConfig.GraphType;
import io.sedd.protocol.checkpoint.CheckpointConfig.NoiseType;
import io.sedd.protocol.checkpoint.TensorType;
import io.sedd.trainer.objective.TimeSampling;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code train --config} reads. Paths are relative to the working folder.
 *
 * @param corpus the text
 * @param tokenizer how text becomes tokens
 * @param model shape of the network
 * @param process graph and noise
 * @param batch sequences of a step
 * @param optimizer learning rate, AdamW, clipping, moving average
 * @param limits when the run ends
 * @param evaluation on held-out text
 * @param checkpoints where and how often
 * @param metrics the metrics log
 * @param backend the device
 * @param seed of initial weights, order of the text, times and noise
 */
public record TrainingConfiguration(
    Corpus corpus,
    Vocabulary tokenizer,
    Network model,
    Process process,
    Batch batch,
    Optimization optimizer,
    Limits limits,
    Evaluation evaluation,
    Checkpoints checkpoints,
    Metrics metrics,
    Device backend,
    long seed) {

  /** How text becomes tokens. */
  public enum TokenizerKind {
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
   * @param train files, UTF-8; documents are separated by a line {@code <|endoftext|>}
   * @param heldOut files that are only evaluated on; may be none
   */
  public record Corpus(List<Path> train, List<Path> heldOut) {}

  /**
   * The tokenizer.
   *
   * @param kind which
   * @param vocabulary tokens of a trained one, end of text included
   * @param file of kind {@code FILE}
   */
  public record Vocabulary(TokenizerKind kind, int vocabulary, Optional<Path> file) {}

  /**
   * The network.
   *
   * @param length tokens of a sequence
   * @param hidden width of the residual stream
   * @param conditioning width of the noise conditioning
   * @param blocks transformer blocks
   * @param heads attention heads, a divisor of the hidden size
   * @param scaleBySigma whether the output is scaled by the noise
   */
  public record Network(
      int length, int hidden, int conditioning, int blocks, int heads, boolean scaleBySigma) {}

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
  public record Process(
      GraphType graph,
      NoiseType noise,
      double sigmaMin,
      double sigmaMax,
      double earliest,
      TimeSampling times) {}

  /**
   * Sequences of a step.
   *
   * @param sequences in one forward and backward pass
   * @param accumulation passes to a step
   */
  public record Batch(int sequences, int accumulation) {}

  /**
   * AdamW and what surrounds it.
   *
   * @param learningRate at the end of the warm-up
   * @param warmup steps
   * @param decaySteps step at which a cosine decay ends; 0 for a constant rate
   * @param finalFraction of the learning rate that the decay leaves
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added to the root of the second moment
   * @param weightDecay decoupled, on all parameters
   * @param clip largest gradient norm; 0 for none
   * @param average decay of the moving average
   */
  public record Optimization(
      double learningRate,
      int warmup,
      int decaySteps,
      double finalFraction,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      double clip,
      double average) {}

  /**
   * When the run ends.
   *
   * @param steps in all
   * @param minutes of wall clock in this process; 0 for no limit
   */
  public record Limits(int steps, double minutes) {}

  /**
   * The likelihood bound on held-out text.
   *
   * @param every steps between evaluations; 0 for one at the end only
   * @param sequences evaluated; 0 for all
   * @param passes times at which each is looked at
   * @param batch sequences in one network evaluation
   * @param earliest lower end of the integral over time
   * @param seconds after which no further batch is begun; 0 for no limit
   */
  public record Evaluation(
      int every, int sequences, int passes, int batch, double earliest, double seconds) {}

  /**
   * Checkpoints.
   *
   * @param folder the store
   * @param every steps between checkpoints; 0 for one at the end only
   * @param keep how many stay
   * @param weights F32 or BF16
   * @param trainingState whether a run can go on from them; without it they are small
   */
  public record Checkpoints(
      Path folder, int every, int keep, TensorType weights, boolean trainingState) {}

  /**
   * The metrics log.
   *
   * @param file where; {@code metrics.jsonl} in the checkpoint folder if absent
   * @param every steps to a line
   */
  public record Metrics(Optional<Path> file, int every) {}

  /**
   * The device.
   *
   * @param name of the backend; the best that can start if absent
   * @param threads on the host; 0 for one a processor
   * @param device which of its kind, from 0
   */
  public record Device(Optional<String> name, int threads, int device) {}

  /** The official recipe on a small network; corpus and checkpoint folder are to be given. */
  public static TrainingConfiguration defaults() {
    return new TrainingConfiguration(
        new Corpus(List.of(), List.of()),
        new Vocabulary(TokenizerKind.TRAIN, 1024, Optional.empty()),
        new Network(128, 256, 128, 4, 4, true),
        new Process(
            GraphType.ABSORB, NoiseType.LOGLINEAR, 1e-4, 20, 1e-3, TimeSampling.INDEPENDENT),
        new Batch(32, 1),
        new Optimization(3e-4, 2500, 0, 1, 0.9, 0.999, 1e-8, 0, 1, 0.9999),
        new Limits(100_000, 0),
        new Evaluation(1000, 256, 1, 32, 1e-3, 0),
        new Checkpoints(Path.of("run/checkpoints"), 1000, 3, TensorType.F32, true),
        new Metrics(Optional.empty(), 20),
        new Device(Optional.empty(), 0, 0),
        1);
  }
}
