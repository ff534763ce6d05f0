package io.sedd.worker.intake;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Faults that trying again does not mend: a person has to change something. */
final class FatalFaults {

  private FatalFaults() {}

  /** Throws it on if it is fatal, alone or as a cause. */
  static void rethrow(KafkaException fault) {
    for (Throwable t = fault; t != null; t = t.getCause()) {
      if (t instanceof AuthorizationException
          || t instanceof AuthenticationException
          || t instanceof UnsupportedVersionException) {
        throw fault;
      }
    }
  }

  /** One sentence: what is wrong and what to do. */
  static String explain(Throwable fault) {
    for (Throwable t = fault; t != null; t = t.getCause()) {
      switch (t) {
        case AuthorizationException e -> {
          return "the broker does not allow it ("
              + e.getMessage()
              + "); the worker needs READ on the jobs topic and its group, WRITE on the results and"
              + " dead-letter topics, and WRITE on its transactional id; in a share group WRITE on"
              + " the jobs topic, and READ on all groups whose names begin with its group's";
        }
        case AuthenticationException e -> {
          return "the broker does not accept the worker's identity ("
              + e.getMessage()
              + "); look at the security settings under kafka";
        }
        case UnsupportedVersionException e -> {
          return "the broker is too old ("
              + e.getMessage()
              + "); Kafka 4.0 or newer with the group protocol 'consumer' is needed";
        }
        case Fencings.NamesakeException e -> {
          return e.getMessage();
        }
        case RecordTooLargeException e -> {
          return "the broker refuses a record for its size ("
              + e.getMessage()
              + "); raise max.message.bytes of the results and dead-letter topics";
        }
        default -> {}
      }
    }
    Throwable root = fault;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.toString();
  }
}
