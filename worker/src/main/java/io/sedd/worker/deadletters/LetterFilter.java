package io.sedd.worker.deadletters;

import io.sedd.protocol.job.DeadLetterHeader;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which dead letters are meant; what is empty restricts nothing.
 *
 * @param codes error codes
 * @param ids job ids
 * @param positions positions in the topic
 * @param since moment from which on they were given up
 */
record LetterFilter(
    Set<String> codes, Set<String> ids, Set<LetterPosition> positions, Optional<Instant> since) {

  boolean restricts() {
    return !codes.isEmpty() || !ids.isEmpty() || !positions.isEmpty() || since.isPresent();
  }

  boolean takes(DeadLetter letter) {
    return (codes.isEmpty() || codes.contains(letter.header(DeadLetterHeader.ERROR_CODE)))
        && (ids.isEmpty() || ids.contains(letter.id()))
        && (positions.isEmpty() || positions.contains(letter.position()))
        && since.map(moment -> !letter.time().isBefore(moment)).orElse(true);
  }
}
