package io.sedd.worker.reload;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.worker.canary.CanarySettings;
import io.sedd.worker.canary.CanaryTrial;
import io.sedd.worker.denoising.CandidateShare;
import io.sedd.worker.denoising.CheckpointRack;
import io.sedd.worker.denoising.ServedCheckpoint;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoint that serves, the one that served before it, and the candidate that is on trial.
 * Loads what it is told to and changes over; which one that is, {@link Reloading} decides. Owned by
 * the reloading thread; {@link #first} is for all.
 */
final class Serving {

  private static final Logger log = LoggerFactory.getLogger(Serving.class);

  private final CanarySettings canary;
  private final CheckpointLoader loader;
  private final CheckpointRack rack;
  private final ReloadMetrics metrics;
  private final Clock clock;
  private final Retries retries;
  private final CompletableFuture<Void> first = new CompletableFuture<>();

  private Optional<Version> present = Optional.empty();
  private Optional<Version> previous = Optional.empty();
  private Optional<Trial> trial = Optional.empty();

  /** Unsound as they are. */
  private final Set<Version> unsound = new HashSet<>();

  /** Refused by a trial, or by an operator in the middle of one. */
  private final Set<Version> condemned = new HashSet<>();

  Serving(
      ReloadSettings settings,
      CheckpointLoader loader,
      CheckpointRack rack,
      ReloadMetrics metrics,
      Clock clock) {
    this.canary = settings.canary();
    this.loader = loader;
    this.rack = rack;
    this.metrics = metrics;
    this.clock = clock;
    this.retries = new Retries(settings.interval(), clock);
  }

  /** What came of an attempt or a trial. */
  sealed interface Outcome {

    /** It serves, or is on trial. */
    record Done() implements Outcome {}

    /**
     * The one before goes on.
     *
     * @param outcome as the metric of reloads has it
     * @param why one sentence
     */
    record Failure(String outcome, String why) implements Outcome {}
  }

  /** Gets at a checkpoint's files. */
  @FunctionalInterface
  interface Opening {
    Checkpoint open() throws IOException, InterruptedException;
  }

  // --- what there is

  /** The one that serves; empty before the first. */
  Optional<Version> present() {
    return present;
  }

  Optional<Version> previous() {
    return previous;
  }

  Optional<Trial> trial() {
    return trial;
  }

  /** Done with the first one that serves. */
  CompletableFuture<Void> first() {
    return first;
  }

  boolean serves(String name) {
    return present.filter(version -> version.name().equals(name)).isPresent();
  }

  /** Whether there is nothing to find out: it serves or is tried, or is known to be no good. */
  boolean decided(Version version) {
    Optional<Version> it = Optional.of(version);
    return present.equals(it)
        || trial.map(Trial::version).equals(it)
        || unsound.contains(version)
        || condemned.contains(version);
  }

  /** Whether what could not be loaded may be tried again, and no trial has to end first. */
  boolean free() {
    return retries.due()
        && trial.filter(t -> t.elapsed().compareTo(canary.duration()) < 0).isEmpty();
  }

  /** Another version is wanted than before: it does not wait for the former one's pause. */
  void retryAtOnce() {
    retries.reset();
  }

  /** What was unsound may be tried again. */
  void pardon() {
    unsound.clear();
    retries.reset();
  }

  // --- one checkpoint

  /**
   * Loads it, and lets it serve or puts it on trial.
   *
   * @param onTrial whether a share of the jobs has to show first what it is worth
   */
  Outcome attempt(Version version, Opening files, boolean onTrial) throws InterruptedException {
    long begin = System.nanoTime();
    String name = version.name();
    try {
      Checkpoint checkpoint = files.open();
      ServedCheckpoint loaded = loader.load(checkpoint);
      String step = checkpoint.manifest().map(m -> String.valueOf(m.step())).orElse("");
      if (onTrial) {
        tryOut(version, loaded, step);
      } else {
        serve(version, loaded, step);
      }
      metrics.loaded(System.nanoTime() - begin);
      retries.reset();
      return new Outcome.Done();
    } catch (CheckpointException | IllegalArgumentException | ArithmeticException e) {
      unsound.add(version);
      return new Outcome.Failure(
          "refused", "checkpoint " + name + " is refused: " + e.getMessage());
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      retries.failed();
      return new Outcome.Failure(
          "deferred",
          "checkpoint %s cannot be loaded now and is tried again later: %s"
              .formatted(name, e.getMessage() == null ? e.toString() : e.getMessage()));
    }
  }

  private void serve(Version version, ServedCheckpoint loaded, String step) {
    rack.serve(loaded);
    if (!serves(version.name())) {
      previous = present;
    }
    present = Optional.of(version);
    // any other candidate was dismissed with this
    trial.filter(t -> !t.version().equals(version)).ifPresent(_ -> metrics.trialEnded("overruled"));
    trial = Optional.empty();
    unsound.remove(version);
    metrics.serves(loaded.name(), step);
    log.info("serves checkpoint {} ({})", version.name(), loaded.name().sha256().substring(0, 12));
    first.complete(null);
  }

  // --- the trial

  /** Whether a candidate is put on trial: there is something to compare it with. */
  boolean canTry() {
    return present.isPresent() && canary.on();
  }

  private void tryOut(Version version, ServedCheckpoint candidate, String step) {
    Trial next =
        new Trial(
            version,
            candidate,
            step,
            rack.current().orElseThrow(),
            new CanaryTrial(canary),
            clock.instant(),
            clock);
    rack.observe(next);
    rack.tryOut(candidate, new CandidateShare(canary.share()));
    trial = Optional.of(next);
    log.info("tries checkpoint {} on a share of {} of the jobs", version.name(), canary.share());
  }

  /** What the trial has come to; empty while it goes on or there is none. */
  Optional<Outcome> judge() {
    if (trial.isEmpty()) {
      return Optional.empty();
    }
    Trial open = trial.get();
    metrics.compares(open.jobs());
    CanaryTrial.Judgement judgement = open.judge();
    return switch (judgement.verdict()) {
      case OPEN -> Optional.empty();
      case PROMOTED -> Optional.of(promote(open, judgement.why()));
      case REFUSED -> {
        condemned.add(open.version());
        endTrial("refused");
        yield Optional.of(
            new Outcome.Failure(
                "refused",
                "checkpoint %s is refused after its trial: %s"
                    .formatted(open.version().name(), judgement.why())));
      }
    };
  }

  private Outcome promote(Trial won, String why) {
    serve(won.version(), won.candidate(), won.step());
    metrics.trialEnded("promoted");
    log.info("checkpoint {} is promoted: {}", won.version().name(), why);
    return new Outcome.Done();
  }

  /** Ends the trial against the candidate, for good. */
  void condemn() {
    trial.map(Trial::version).ifPresent(condemned::add);
    endTrial("overruled");
  }

  void endTrial(String outcome) {
    if (trial.isEmpty()) {
      return;
    }
    log.info("the trial of checkpoint {} ends: {}", trial.get().version().name(), outcome);
    metrics.trialEnded(outcome);
    trial = Optional.empty();
    rack.dismiss();
  }
}
