package io.sedd.worker.reload;

import java.util.Optional;

/**
 * Where reloading stands.
 *
 * @param serving name of the checkpoint that new jobs start on, if there is one
 * @param refused what is wrong with the one that is named latest, if it is refused
 * @param pinned the checkpoint that an operator chose, whatever LATEST names
 * @param previous name of the checkpoint that a rollback would go back to, if any
 * @param left the latest checkpoint, if an operator went back from it: it is not followed
 * @param candidate the one that is being tried on a share of the jobs
 */
public record ReloadStatus(
    Optional<String> serving,
    Optional<String> refused,
    Optional<String> pinned,
    Optional<String> previous,
    Optional<String> left,
    Optional<Candidate> candidate) {

  /** Before the first look. */
  static final ReloadStatus NONE =
      new ReloadStatus(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /**
   * A checkpoint on trial.
   *
   * @param name of it
   * @param jobs that have ended on it
   * @param beside jobs that have ended on the serving one meanwhile
   */
  public record Candidate(String name, long jobs, long beside) {}

  /** All of it for a person. */
  public String sentence() {
    StringBuilder text =
        new StringBuilder(
            serving.map(name -> "serves " + name).orElse("no checkpoint is served yet"));
    pinned.ifPresent(name -> text.append(", pinned to ").append(name));
    left.ifPresent(name -> text.append(", rolled back from ").append(name));
    candidate.ifPresent(
        c ->
            text.append(
                "; tries %s: %d jobs, %d beside".formatted(c.name(), c.jobs(), c.beside())));
    refused.ifPresent(why -> text.append("; ").append(why));
    return text.toString();
  }
}
