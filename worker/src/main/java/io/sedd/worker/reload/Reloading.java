package io.sedd.worker.reload;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.CheckpointStore;
import io.sedd.worker.canary.CanaryTrial;
import io.sedd.worker.denoising.CandidateShare;
import io.sedd.worker.denoising.DenoisingLoop;
import io.sedd.worker.denoising.ServedCheckpoint;
import io.sedd.worker.reload.CheckpointControl.Answer;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which checkpoint serves: LATEST, unless an operator has pinned another, or has gone back from it,
 * or it was found wanting. Owned by the reloading thread; {@link #status} and {@link #first} are
 * for all.
 *
 * <p>Whatever is wrong with a checkpoint, the old one goes on serving; the failure is counted,
 * logged once and shown by {@link #status}. What is unsound is not tried again until its files
 * change; what could not be read (a disk that is full, a server that is down, no memory) is tried
 * again after pauses that grow.
 */
public final class Reloading {

  private static final Logger log = LoggerFactory.getLogger(Reloading.class);

  private final CheckpointStore store;
  private final ReloadSettings settings;
  private final CheckpointLoader loader;
  private final DenoisingLoop loop;
  private final ReloadMetrics metrics;
  private final Clock clock;
  private final Retries retries;
  private final CompletableFuture<Void> first = new CompletableFuture<>();

  private Optional<Version> serving = Optional.empty();
  private Optional<Version> previous = Optional.empty();
  private Optional<Version> left = Optional.empty();
  private Optional<String> pinned;
  private Optional<Trial> trial = Optional.empty();
  private Optional<Version> tried = Optional.empty();

  /** Unsound as they are. */
  private final Set<Version> unsound = new HashSet<>();

  /** Refused by a trial, or by an operator in the middle of one. */
  private final Set<Version> condemned = new HashSet<>();

  private String complaint = "";
  private volatile ReloadStatus status = ReloadStatus.NONE;
  private volatile Consumer<ReloadStatus> listener = _ -> {};

  /**
   * @param store stays the caller's
   */
  public Reloading(
      CheckpointStore store,
      ReloadSettings settings,
      CheckpointLoader loader,
      DenoisingLoop loop,
      ReloadMetrics metrics,
      Clock clock) {
    this.store = store;
    this.settings = settings;
    this.loader = loader;
    this.loop = loop;
    this.metrics = metrics;
    this.clock = clock;
    this.retries = new Retries(settings.interval(), clock);
    this.pinned = settings.pin();
  }

  ReloadStatus status() {
    return status;
  }

  CompletableFuture<Void> first() {
    return first;
  }

  /**
   * Tells a listener, in the place of any former one, of every status that differs from the one
   * before, on the reloading thread.
   */
  public void onChange(Consumer<ReloadStatus> next) {
    listener = next;
  }

  // --- what the reloading thread does

  /** Follows LATEST, or what is pinned, and judges a trial that is going on. */
  void look() throws InterruptedException {
    try {
      judge();
      Optional<Version> wanted = wanted();
      if (wanted.isPresent()) {
        follow(wanted.get());
      }
    } catch (IOException | CheckpointException e) {
      complain("refused", "the latest checkpoint cannot be told: " + e.getMessage());
    }
    show();
  }

  Answer reload() throws InterruptedException {
    if (pinned.isPresent()) {
      return new Answer.Refused(pinned.get() + " is pinned; unpin it to follow LATEST");
    }
    Optional<Version> before = serving;
    unsound.clear();
    retries.reset();
    look();
    if (left.isPresent()) {
      return new Answer.Refused(
          "LATEST names %s, which was rolled back from; unpin to follow it again"
              .formatted(left.get().name()));
    }
    return answer(!before.equals(serving));
  }

  Answer pin(String name) throws InterruptedException {
    boolean serves = serving.filter(v -> v.name().equals(name)).isPresent();
    boolean changed = !serves || !pinned.equals(Optional.of(name));
    if (!serves) {
      Optional<String> failure = order(name);
      if (failure.isPresent()) {
        show();
        return new Answer.Refused(failure.get());
      }
    }
    endTrial("overruled");
    pinned = Optional.of(name);
    complaint = "";
    show();
    return new Answer.Serves(name, changed);
  }

  Answer unpin() throws InterruptedException {
    boolean changed = pinned.isPresent() || left.isPresent();
    pinned = Optional.empty();
    left = Optional.empty();
    look();
    return answer(changed);
  }

  Answer rollback() throws InterruptedException {
    if (trial.isPresent()) {
      condemned.add(trial.get().version());
      endTrial("overruled");
      show();
      return answer(true);
    }
    if (left.isPresent()) {
      return answer(false);
    }
    if (previous.isEmpty()) {
      return new Answer.Refused(
          "this worker has served no other checkpoint before; pin one by its name");
    }
    Version leaving = serving.orElseThrow();
    Optional<String> failure = order(previous.get().name());
    if (failure.isPresent()) {
      show();
      return new Answer.Refused(failure.get());
    }
    left = Optional.of(latestOr(leaving));
    pinned = Optional.empty();
    complaint = "";
    show();
    return answer(true);
  }

  private Answer answer(boolean changed) {
    if (!complaint.isEmpty()) {
      return new Answer.Refused(complaint);
    }
    return serving
        .<Answer>map(v -> new Answer.Serves(v.name(), changed))
        .orElseGet(() -> new Answer.Refused("no checkpoint is served yet"));
  }

  private Version latestOr(Version other) {
    try {
      Optional<String> latest = store.latest();
      return latest.isPresent() ? version(latest.get()) : other;
    } catch (IOException | CheckpointException e) {
      log.warn("the latest checkpoint cannot be told: {}", e.getMessage());
      return other;
    }
  }

  private Version version(String name) throws IOException {
    return new Version(name, store.fingerprint(name));
  }

  /** What should serve, if that is another than may be served already. */
  private Optional<Version> wanted() throws IOException {
    if (pinned.isPresent()) {
      return serving.filter(v -> v.name().equals(pinned.get())).isPresent()
          ? Optional.empty()
          : Optional.of(version(pinned.get()));
    }
    Optional<String> latest = store.latest();
    if (latest.isEmpty()) {
      complain("", "no checkpoint is named in " + settings.place() + " yet");
      return Optional.empty();
    }
    Version version = version(latest.get());
    if (left.equals(Optional.of(version))) {
      return Optional.empty();
    }
    left = Optional.empty();
    return Optional.of(version);
  }

  private void follow(Version wanted) throws InterruptedException {
    Optional<Version> it = Optional.of(wanted);
    if (serving.equals(it)) {
      endTrial("overruled");
      complaint = "";
    }
    if (!tried.equals(it)) {
      tried = it;
      retries.reset();
    }
    boolean decided = serving.equals(it) || unsound.contains(wanted) || condemned.contains(wanted);
    if (decided || trial.map(Trial::version).equals(it) || !retries.due() || trialGoesOn()) {
      return;
    }
    endTrial("superseded");
    boolean comparable = serving.isPresent() && pinned.isEmpty();
    attempt(wanted, comparable && settings.canary().on())
        .ifPresent(failure -> complain(failure.outcome(), failure.why()));
  }

  /** Whether there is a trial that a newer checkpoint has to wait for. */
  private boolean trialGoesOn() {
    return trial.filter(t -> t.elapsed().compareTo(settings.canary().duration()) < 0).isPresent();
  }

  // --- one checkpoint

  private record Failure(String outcome, String why) {}

  /** Loads and serves what an operator names. */
  private Optional<String> order(String name) throws InterruptedException {
    try {
      Optional<Failure> failure = attempt(version(name), false);
      failure.ifPresent(f -> metrics.attempted(f.outcome()));
      return failure.map(Failure::why);
    } catch (IOException | CheckpointException e) {
      return Optional.of("checkpoint " + name + " cannot be served: " + e.getMessage());
    }
  }

  private Optional<Failure> attempt(Version version, boolean onTrial) throws InterruptedException {
    long begin = System.nanoTime();
    String name = version.name();
    try {
      keep(name);
      Checkpoint checkpoint = LowPriority.call(() -> store.open(name));
      ServedCheckpoint loaded = loader.load(checkpoint);
      String step = checkpoint.manifest().map(m -> String.valueOf(m.step())).orElse("");
      if (onTrial) {
        tryOut(version, loaded, step);
      } else {
        serve(version, loaded, step);
      }
      metrics.loaded(System.nanoTime() - begin);
      retries.reset();
      return Optional.empty();
    } catch (CheckpointException | IllegalArgumentException | ArithmeticException e) {
      unsound.add(version);
      return Optional.of(
          new Failure("refused", "checkpoint " + name + " is refused: " + e.getMessage()));
    } catch (IOException | RuntimeException | ExecutionException | OutOfMemoryError e) {
      retries.failed();
      return Optional.of(
          new Failure(
              "deferred",
              "checkpoint %s cannot be loaded now and is tried again later: %s"
                  .formatted(name, e.getMessage() == null ? e.toString() : e.getMessage())));
    }
  }

  private void serve(Version version, ServedCheckpoint loaded, String step)
      throws InterruptedException, ExecutionException {
    loop.serve(loaded).get();
    if (!serving.map(Version::name).equals(Optional.of(version.name()))) {
      previous = serving;
    }
    serving = Optional.of(version);
    complaint = "";
    // any other candidate was dismissed with this
    trial.filter(t -> !t.version().equals(version)).ifPresent(_ -> metrics.trialEnded("overruled"));
    trial = Optional.empty();
    unsound.remove(version);
    metrics.serves(loaded.name(), step);
    log.info("serves checkpoint {} ({})", version.name(), loaded.name().sha256().substring(0, 12));
    first.complete(null);
  }

  private void tryOut(Version version, ServedCheckpoint candidate, String step)
      throws InterruptedException, ExecutionException {
    Trial next =
        new Trial(
            version,
            candidate,
            step,
            loop.serving().orElseThrow(),
            new CanaryTrial(settings.canary()),
            clock.instant(),
            clock);
    loop.observe(next);
    loop.tryOut(candidate, new CandidateShare(settings.canary().share())).get();
    trial = Optional.of(next);
    complaint = "";
    log.info(
        "tries checkpoint {} on a share of {} of the jobs",
        version.name(),
        settings.canary().share());
  }

  private void judge() throws InterruptedException {
    if (trial.isEmpty()) {
      return;
    }
    Trial present = trial.get();
    metrics.compares(present.jobs());
    CanaryTrial.Judgement judgement = present.judge();
    switch (judgement.verdict()) {
      case OPEN -> {}
      case PROMOTED -> {
        try {
          serve(present.version(), present.candidate(), present.step());
          metrics.trialEnded("promoted");
          log.info("checkpoint {} is promoted: {}", present.version().name(), judgement.why());
        } catch (ExecutionException e) {
          complain("deferred", "the candidate cannot be served: " + e.getMessage());
        }
      }
      case REFUSED -> {
        condemned.add(present.version());
        endTrial("refused");
        complain(
            "refused",
            "checkpoint %s is refused after its trial: %s"
                .formatted(present.version().name(), judgement.why()));
      }
    }
  }

  private void endTrial(String outcome) throws InterruptedException {
    if (trial.isEmpty()) {
      return;
    }
    log.info("the trial of checkpoint {} ends: {}", trial.get().version().name(), outcome);
    metrics.trialEnded(outcome);
    trial = Optional.empty();
    try {
      loop.dismissCandidate().get();
    } catch (ExecutionException e) {
      log.warn("the candidate cannot be dismissed", e);
    }
  }

  // --- what others see

  /** Says it once, and counts it if it is an outcome of a reload. */
  private void complain(String outcome, String why) {
    if (complaint.equals(why)) {
      return;
    }
    complaint = why;
    if (!outcome.isEmpty()) {
      metrics.attempted(outcome);
    }
    log.warn(
        "{}; {}",
        why,
        serving.map(v -> v.name() + " goes on serving").orElse("no job is taken so far"));
  }

  private void show() {
    keep();
    metrics.pinned(pinned.isPresent());
    ReloadStatus before = status;
    status =
        new ReloadStatus(
            serving.map(Version::name),
            complaint.isEmpty() ? Optional.empty() : Optional.of(complaint),
            pinned,
            previous.map(Version::name),
            left.map(Version::name),
            trial.map(
                t ->
                    new ReloadStatus.Candidate(
                        t.version().name(), t.jobs().candidateJobs(), t.jobs().stableJobs())));
    if (!status.equals(before)) {
      listener.accept(status);
    }
  }

  /** The copies that this worker may want again. */
  private void keep(String... more) {
    Set<String> names = new HashSet<>(Set.of(more));
    Stream.of(
            serving.map(Version::name),
            previous.map(Version::name),
            pinned,
            trial.map(t -> t.version().name()))
        .flatMap(Optional::stream)
        .forEach(names::add);
    store.keep(names);
  }
}
