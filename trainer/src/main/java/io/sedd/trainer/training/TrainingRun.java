package io.sedd.trainer.training;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.LoadedCheckpoint;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.CheckpointStore;
import io.sedd.protocol.checkpoint.Retention;
import io.sedd.trainer.corpus.Corpus;
import io.sedd.trainer.corpus.PackedCorpus;
import io.sedd.trainer.corpus.Vocabulary;
import io.sedd.trainer.evaluation.BoundEstimate;
import io.sedd.trainer.evaluation.DwdseBound;
import io.sedd.trainer.evaluation.HeldOutText;
import io.sedd.trainer.evaluation.NextTokenLikelihood;
import io.sedd.trainer.evaluation.NextTokenSampler;
import io.sedd.trainer.evaluation.SampleTexts;
import io.sedd.trainer.objective.LossGradient;
import io.sedd.trainer.objective.Noising;
import io.sedd.trainer.objective.Objective;
import io.sedd.trainer.objective.TrainingRandom;
import io.sedd.trainer.optimizer.Optimizer;
import io.sedd.trainer.optimizer.OptimizerState;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a run together from its configuration: text, tokenizer, network, optimizer, checkpoints. */
public final class TrainingRun {

  private static final Logger log = LoggerFactory.getLogger(TrainingRun.class);

  /** Steps whose sequences are read ahead: one is on the way while another is computed. */
  private static final int STEPS_AHEAD = 2;

  private final TrainingConfiguration configuration;
  private final Backend backend;
  private final CheckpointStore store;
  private final InstantSource clock;

  /** A run on a backend that its owner closes. */
  public TrainingRun(
      TrainingConfiguration configuration,
      Backend backend,
      CheckpointStore store,
      InstantSource clock) {
    this.configuration = configuration;
    this.backend = backend;
    this.store = store;
    this.clock = clock;
  }

  /**
   * Trains, in the calling thread, until a limit or the stop signal ends it.
   *
   * @throws TrainingDivergedException if the loss or the gradient is not finite
   * @throws CheckpointException if the folder's checkpoints do not allow what {@code resume} wants
   */
  public Trainer.End run(Resume resume, StopSignal stop, List<TrainingObserver> observers)
      throws IOException {
    store.removeLeftovers().forEach(name -> log.info("removed the unfinished {}", name));
    Optional<Checkpoint> before = resume.from(store);
    try (TrainingText text = TrainingText.open(configuration.corpus())) {
      return run(before, text, stop, observers);
    }
  }

  private Trainer.End run(
      Optional<Checkpoint> before,
      TrainingText text,
      StopSignal stop,
      List<TrainingObserver> observers)
      throws IOException {
    // not opened by a run that goes on: its first weights may be gone by then
    InitialWeights initial =
        before.isPresent()
            ? new InitialWeights.Drawn(configuration.seed())
            : InitialWeights.of(configuration);
    Optional<Checkpoint> tokenized = before.or(initial::origin);
    Vocabulary vocabulary =
        tokenized.isPresent()
            ? RunVocabulary.of(configuration.tokenizer(), text, tokenized.get())
            : RunVocabulary.of(configuration.tokenizer(), text);
    CheckpointConfig config = configuration.checkpointConfig(vocabulary.size(), vocabulary.name());
    if (before.isPresent()) {
      requireSameModel(before.get(), config);
    }
    PackedCorpus packed = text.rows(vocabulary, configuration.model().length());
    CorpusSource source =
        new CorpusSource(packed, configuration.seed(), configuration.corpus().shifted());
    RunIdentity identity =
        new RunIdentity(
            configuration.seed(),
            configuration.batch().total(),
            configuration.model().length(),
            configuration.process().times().name(),
            source.fingerprint());
    NetworkShape shape = NetworkShape.of(config);
    try (OptimizerState state = new OptimizerState(shape, backend)) {
      if (before.isPresent()) {
        TrainingStateFile.read(before.get().training(), state, identity, backend);
      } else {
        initial.write(state, shape, backend);
      }
      log.info(
          "{} parameters; corpus: {} documents, {} tokens, {} sequences of {}",
          state.parameters().layout().parameters(),
          packed.documents(),
          packed.tokens(),
          packed.rows(),
          packed.length());
      return train(state, shape, config, vocabulary, identity, source, stop, observers);
    }
  }

  private static void requireSameModel(Checkpoint before, CheckpointConfig config) {
    if (!before.config().equals(config)) {
      throw new CheckpointException(
          before.folder()
              + " holds "
              + before.config()
              + ", the configuration asks for "
              + config
              + ": a run cannot go on with another model; train into another folder");
    }
  }

  private Trainer.End train(
      OptimizerState state,
      NetworkShape shape,
      CheckpointConfig config,
      Vocabulary vocabulary,
      RunIdentity identity,
      CorpusSource source,
      StopSignal stop,
      List<TrainingObserver> observers)
      throws IOException {
    DiffusionProcess process = DiffusionProcess.of(config);
    Noising noising =
        new Noising(
            process,
            configuration.process().earliest(),
            configuration.process().times(),
            new TrainingRandom(configuration.seed()));
    Optional<HeldOutText> heldOut = heldOut(vocabulary);
    CheckpointPublisher publisher =
        new CheckpointPublisher(
            store,
            config,
            vocabulary,
            new CheckpointPublisher.Contents(
                configuration.checkpoints().weights(),
                configuration.checkpoints().trainingState(),
                new Retention(configuration.checkpoints().keep()),
                heldOut.map(HeldOutText::charactersPerToken)),
            identity,
            backend,
            clock);
    ScoreNetwork network = new ScoreNetwork(shape, state.parameters(), backend);
    ScoreNetwork average = new ScoreNetwork(shape, state.average(), backend);
    int ahead = Math.multiplyExact(STEPS_AHEAD, configuration.batch().total());
    Objective objective =
        Objective.of(
            config.objective(), process, new TrainingRandom(configuration.seed()), backend);
    try (LossGradient gradient = new LossGradient(network, backend);
        Prefetch sequences =
            new Prefetch(source, (long) state.step() * configuration.batch().total(), ahead)) {
      TrainingStep step =
          new TrainingStep(
              sequences,
              configuration.batch(),
              noising,
              objective,
              new Optimizer(configuration.optimizer(), backend),
              state,
              gradient,
              new Regime(
                  configuration.model().dropout(),
                  configuration.model().recompute(),
                  configuration.seed()));
      return new Trainer(
              step,
              state,
              heldOut.map(text -> evaluation(process, average, text)),
              sampling(process, average, vocabulary),
              publisher,
              configuration.run(),
              watched(observers),
              stop,
              clock)
          .run();
    }
  }

  /** The watch comes last, so that the step at fault is in the logs. */
  private List<TrainingObserver> watched(List<TrainingObserver> observers) {
    List<TrainingObserver> all = new ArrayList<>(observers);
    all.add(new DivergenceWatch(configuration.run().divergence()));
    return all;
  }

  private Sampling sampling(DiffusionProcess process, ScoreNetwork average, Vocabulary vocabulary) {
    TrainingConfiguration.Samples wanted = configuration.samples();
    if (configuration.objective() == CheckpointConfig.Objective.AUTOREGRESSIVE) {
      NextTokenSampler sampler = new NextTokenSampler(vocabulary.size(), backend);
      int length = configuration.model().length();
      return new Sampling(
          wanted.every(),
          () ->
              sampler.draw(average, wanted.texts(), length, configuration.seed()).stream()
                  .map(vocabulary.tokenizer()::decode)
                  .toList());
    }
    ScoreModel scores = scores(process, average);
    SampleTexts texts =
        new SampleTexts(
            process, vocabulary.tokenizer(), wanted.texts(), wanted.steps(), configuration.seed());
    return new Sampling(wanted.every(), () -> texts.draw(scores, backend));
  }

  private Optional<HeldOutText> heldOut(Vocabulary vocabulary) throws IOException {
    if (configuration.corpus().heldOut().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        HeldOutText.of(
            Corpus.of(configuration.corpus().heldOut(), configuration.corpus().reading()),
            vocabulary.tokenizer(),
            configuration.model().length(),
            configuration.evaluation().sequences()));
  }

  private Supplier<BoundEstimate> evaluation(
      DiffusionProcess process, ScoreNetwork average, HeldOutText text) {
    if (configuration.objective() == CheckpointConfig.Objective.AUTOREGRESSIVE) {
      int tokens = process.graph().tokens();
      NextTokenLikelihood likelihood =
          new NextTokenLikelihood(
              tokens, tokens, configuration.evaluation().bound().batch(), backend);
      return () -> likelihood.estimate(average, text.sequences());
    }
    DwdseBound bound = new DwdseBound(process, configuration.evaluation().bound(), backend, clock);
    ScoreModel scores = scores(process, average);
    return () -> bound.estimate(scores, text.sequences());
  }

  private ScoreModel scores(DiffusionProcess process, ScoreNetwork average) {
    return LoadedCheckpoint.scores(configuration.objective(), average, process, backend);
  }
}
