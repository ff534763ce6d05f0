package io.sedd.protocol.job;

/**
 * Why a job was refused or failed.
 *
 * @param code one of a closed set, for programs
 * @param message one sentence for a person: what is wrong and what would be right
 * @param path JSON path of the field at fault, such as {@code $.template[1].blank}; {@code $} for
 *     the whole
 */
public record JobError(Code code, String message, String path) {

  /** Closed set of failures; the wire form is lower case with underscores. */
  public enum Code {
    NOT_JSON,
    TOO_LARGE,
    UNKNOWN_FIELD,
    MISSING_FIELD,
    WRONG_TYPE,
    OUT_OF_RANGE,
    EMPTY_TEMPLATE,
    NO_BLANK,
    TOO_LONG,
    UNKNOWN_TOKEN,
    NOT_TOKENIZABLE,
    /** The network's scores for this job are not finite: no other run would do better. */
    NOT_FINITE,
    /** The device failed on this job again and again, and on no other. */
    DEVICE,
    INTERNAL;

    /** The code as it stands in messages. */
    public String wireName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
