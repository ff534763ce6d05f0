package io.sedd.worker.reload;

import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.CheckpointStore;
import io.sedd.worker.denoising.CheckpointRack;
import io.sedd.worker.reload.CheckpointControl.Answer;
import io.sedd.worker.reload.Serving.Outcome;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which checkpoint should serve: LATEST, unless an operator has pinned another, or has gone back
 * from it, or it was found wanting. Owned by the reloading thread; {@link #status} and {@link
 * #first} are for all.
 *
 * <p>Whatever is wrong with a checkpoint, the old one goes on serving; the failure is counted,
 * logged once and shown by {@link #status}. What is unsound is not tried again until its files
 * change; what could not be read (a disk that is full, a server that is down, no memory) is tried
 * again after pauses that grow.
 */
public final class Reloading {

  private static final Logger log = LoggerFactory.getLogger(Reloading.class);

  private final CheckpointStore store;
  private final String place;
  private final ReloadMetrics metrics;
  private final Serving serving;

  private Optional<String> pinned;

  /** What LATEST named when an operator went back from it. */
  private Optional<Version> left = Optional.empty();

  private Optional<Version> tried = Optional.empty();
  private String complaint = "";
  private volatile ReloadStatus status = ReloadStatus.NONE;
  private volatile Consumer<ReloadStatus> listener = _ -> {};

  /**
   * @param store stays the caller's
   * @param rack of the devices that the loader loads for
   */
  public Reloading(
      CheckpointStore store,
      ReloadSettings settings,
      CheckpointLoader loader,
      CheckpointRack rack,
      ReloadMetrics metrics,
      Clock clock) {
    this.store = store;
    this.place = settings.place();
    this.metrics = metrics;
    this.serving = new Serving(settings, loader, rack, metrics, clock);
    this.pinned = settings.pin();
  }

  ReloadStatus status() {
    return status;
  }

  CompletableFuture<Void> first() {
    return serving.first();
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
      serving.judge().ifPresent(this::note);
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
    Optional<Version> before = serving.present();
    serving.pardon();
    look();
    if (left.isPresent()) {
      return new Answer.Refused(
          "LATEST names %s, which was rolled back from; unpin to follow it again"
              .formatted(left.get().name()));
    }
    return answer(!before.equals(serving.present()));
  }

  Answer pin(String name) throws InterruptedException {
    boolean serves = serving.serves(name);
    boolean changed = !serves || !pinned.equals(Optional.of(name));
    if (!serves) {
      Optional<String> failure = order(name);
      if (failure.isPresent()) {
        show();
        return new Answer.Refused(failure.get());
      }
    }
    serving.endTrial("overruled");
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
    if (serving.trial().isPresent()) {
      serving.condemn();
      show();
      return answer(true);
    }
    if (left.isPresent()) {
      return answer(false);
    }
    if (serving.previous().isEmpty()) {
      return new Answer.Refused(
          "this worker has served no other checkpoint before; pin one by its name");
    }
    Version leaving = serving.present().orElseThrow();
    Optional<String> failure = order(serving.previous().get().name());
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
        .present()
        .<Answer>map(v -> new Answer.Serves(v.name(), changed))
        .orElseGet(() -> new Answer.Refused("no checkpoint is served yet"));
  }

  // --- which one

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
      return serving.serves(pinned.get()) ? Optional.empty() : Optional.of(version(pinned.get()));
    }
    Optional<String> latest = store.latest();
    if (latest.isEmpty()) {
      complain("", "no checkpoint is named in " + place + " yet");
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
    if (serving.present().equals(Optional.of(wanted))) {
      serving.endTrial("overruled");
      complaint = "";
    }
    if (!tried.equals(Optional.of(wanted))) {
      tried = Optional.of(wanted);
      serving.retryAtOnce();
    }
    if (serving.decided(wanted) || !serving.free()) {
      return;
    }
    serving.endTrial("superseded");
    note(attempt(wanted, pinned.isEmpty() && serving.canTry()));
  }

  /** Loads and serves what an operator names. */
  private Optional<String> order(String name) throws InterruptedException {
    try {
      return switch (attempt(version(name), false)) {
        case Outcome.Done _ -> {
          complaint = "";
          yield Optional.empty();
        }
        case Outcome.Failure(String outcome, String why) -> {
          metrics.attempted(outcome);
          yield Optional.of(why);
        }
      };
    } catch (IOException | CheckpointException e) {
      return Optional.of("checkpoint " + name + " cannot be served: " + e.getMessage());
    }
  }

  private Outcome attempt(Version version, boolean onTrial) throws InterruptedException {
    String name = version.name();
    return serving.attempt(
        version,
        () -> {
          keep(name);
          return LowPriority.call(() -> store.open(name));
        },
        onTrial);
  }

  // --- what others see

  private void note(Outcome outcome) {
    switch (outcome) {
      case Outcome.Done _ -> complaint = "";
      case Outcome.Failure(String label, String why) -> complain(label, why);
    }
  }

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
        serving.present().map(v -> v.name() + " goes on serving").orElse("no job is taken so far"));
  }

  private void show() {
    keep();
    metrics.pinned(pinned.isPresent());
    ReloadStatus before = status;
    status =
        new ReloadStatus(
            serving.present().map(Version::name),
            complaint.isEmpty() ? Optional.empty() : Optional.of(complaint),
            pinned,
            serving.previous().map(Version::name),
            left.map(Version::name),
            serving
                .trial()
                .map(
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
            serving.present().map(Version::name),
            serving.previous().map(Version::name),
            pinned,
            serving.trial().map(t -> t.version().name()))
        .flatMap(Optional::stream)
        .forEach(names::add);
    store.keep(names);
  }
}
