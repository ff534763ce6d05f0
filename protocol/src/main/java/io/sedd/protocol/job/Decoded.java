package io.sedd.protocol.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of the attempt to read a record.
 *
 * @param <M> the message that was expected
 */
public sealed interface Decoded<M> {

  /** The message, which keeps every rule of the contract. */
  record Valid<M>(M message) implements Decoded<M> {}

  /**
   * A JSON object that breaks the contract.
   *
   * @param id id of the job, where one that keeps the contract could be read, so that the refusal
   *     can be addressed
   * @param metadata the job's metadata, where they keep the contract; else none
   * @param errors what is wrong, in order of importance: unknown fields first, since they explain
   *     missing ones; at least one, at most 16
   */
  record Refused<M>(Optional<String> id, Map<String, String> metadata, List<JobError> errors)
      implements Decoded<M> {
    public Refused {
      metadata = Map.copyOf(metadata);
      errors = List.copyOf(errors);
    }

    /** The first of the errors. */
    public JobError first() {
      return errors.getFirst();
    }
  }

  /**
   * No message at all: no JSON, no object, a key twice, or too large. Nothing in it can be trusted,
   * not even an id.
   */
  record Unreadable<M>(JobError error) implements Decoded<M> {}

  /**
   * The message, for a reader that has no other use for a bad one.
   *
   * @throws IllegalArgumentException with the first error's message and path
   */
  default M orElseThrow() {
    return switch (this) {
      case Valid<M>(M message) -> message;
      case Refused<M> refused -> throw asException(refused.first());
      case Unreadable<M>(JobError error) -> throw asException(error);
    };
  }

  private static IllegalArgumentException asException(JobError error) {
    return new IllegalArgumentException(error.path() + ": " + error.message());
  }
}
