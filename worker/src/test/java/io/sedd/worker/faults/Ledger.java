package io.sedd.worker.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Every record that the broker took and everything that came back, by job id. Owned by one thread.
 */
final class Ledger {

  /** A result, without its text: a hundred thousand of them are kept. */
  private record Heard(
      Outcome outcome, Optional<String> checkpoint, int textHash, Optional<JobError> error) {}

  private final Map<String, Fate> sent = new LinkedHashMap<>();
  private final Map<String, List<Heard>> results = new HashMap<>();
  private final Map<String, Integer> letters = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  /** Notes a record that the broker has. */
  void sent(String id, Fate fate) {
    if (sent.put(id, fate) != null) {
      throw new IllegalArgumentException("'" + id + "' was sent before");
    }
    if (!settled(id)) {
      open.add(id);
    }
  }

  /** Notes a committed record of the results topic. */
  void result(byte[] value) {
    GenerationResult result = JobCodec.decodeResult(value).orElseThrow();
    results
        .computeIfAbsent(result.jobId(), _ -> new ArrayList<>(1))
        .add(
            new Heard(
                result.outcome(),
                result.checkpoint().map(GenerationResult.CheckpointName::sha256),
                result.samples().hashCode(),
                result.error()));
    close(result.jobId());
  }

  /** Notes a committed record of the dead-letter topic. */
  void deadLetter(byte[] key) {
    String id = new String(key, UTF_8);
    letters.merge(id, 1, Integer::sum);
    close(id);
  }

  private void close(String id) {
    if (settled(id)) {
      open.remove(id);
    }
  }

  private boolean settled(String id) {
    Fate fate = sent.get(id);
    return fate != null
        && (fate.outcomes().isEmpty() || results.containsKey(id))
        && (fate.letters() == Fate.Letters.NONE || letters.containsKey(id));
  }

  int sent() {
    return sent.size();
  }

  /** Sent, and not everything has come back that belongs to it. */
  int open() {
    return open.size();
  }

  /** A few of those. */
  List<String> someOpen() {
    return open.stream().limit(5).toList();
  }

  /** Number of results heard, doubles included. */
  int heard() {
    return results.values().stream().mapToInt(List::size).sum();
  }

  boolean hasResult(String id) {
    return results.containsKey(id);
  }

  /** The account as it stands. */
  Audit audit(Mode mode) {
    List<String> problems = new ArrayList<>();
    Map<Outcome, Integer> outcomes = new HashMap<>();
    int doubles = 0;
    for (Map.Entry<String, Fate> record : sent.entrySet()) {
      String id = record.getKey();
      List<Heard> heard = results.getOrDefault(id, List.of());
      int lettersHeard = letters.getOrDefault(id, 0);
      heard.stream().findFirst().ifPresent(h -> outcomes.merge(h.outcome(), 1, Integer::sum));
      doubles += Math.max(0, heard.size() - 1);
      problems.addAll(problems(mode, id, record.getValue(), heard, lettersHeard));
    }
    Set<String> foreign = new HashSet<>(results.keySet());
    foreign.addAll(letters.keySet());
    foreign.removeAll(sent.keySet());
    foreign.forEach(id -> problems.add(id + ": came back and was never sent"));
    int letterCount = letters.values().stream().mapToInt(Integer::intValue).sum();
    return new Audit(sent.size(), outcomes, doubles, letterCount, problems);
  }

  private static List<String> problems(
      Mode mode, String id, Fate fate, List<Heard> heard, int letters) {
    List<String> problems = new ArrayList<>();
    int wanted = fate.outcomes().isEmpty() ? 0 : 1;
    if (heard.size() < wanted || (heard.size() > wanted && !(wanted > 0 && mode.allowsDoubles()))) {
      problems.add("%s (%s): %d results %s".formatted(id, fate, heard.size(), heard));
    }
    int wantedLetters = fate.letters() == Fate.Letters.ONE ? 1 : 0;
    if (letters < wantedLetters
        || (letters > wantedLetters && !(wantedLetters > 0 && mode.allowsDoubles()))) {
      problems.add("%s (%s): %d dead letters".formatted(id, fate, letters));
    }
    Map<String, Integer> texts = new HashMap<>();
    for (Heard result : heard) {
      if (wanted > 0 && !fate.outcomes().contains(result.outcome())) {
        problems.add("%s (%s): ended as %s".formatted(id, fate, result));
      }
      // a text depends on the checkpoint, and what was cut short on where it was cut
      if (result.outcome() == Outcome.COMPLETED && result.checkpoint().isPresent()) {
        Integer before = texts.put(result.checkpoint().get(), result.textHash());
        if (before != null && !Objects.equals(before, result.textHash())) {
          problems.add(id + ": two results of one checkpoint have different texts");
        }
      }
    }
    return problems;
  }
}
