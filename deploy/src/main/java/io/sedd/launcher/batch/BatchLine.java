package io.sedd.launcher.batch;

import io.sedd.protocol.job.GenerationJob;
import java.util.Optional;

/** One line of the input, empty ones left out. */
sealed interface BatchLine {

  /** Its number in the file, from 1. */
  long number();

  /**
   * A job.
   *
   * @param job with an id that no other line has
   * @param form how its result is to be written
   */
  record Wanted(long number, GenerationJob job, Form form) implements BatchLine {}

  /**
   * No job.
   *
   * @param id what the line calls itself, where that can be read
   */
  record Faulty(long number, Optional<String> id, Form form, Trouble trouble)
      implements BatchLine {}

  /** How a line says which job it is; its result says it in the same way. */
  enum Form {
    /** A job record: {@code {"id": ..., "template": ...}}. */
    JOB,
    /** An envelope: {@code {"custom_id": ..., "body": {"template": ...}}}. */
    CUSTOM_ID
  }

  /**
   * Why there is no text.
   *
   * @param code for programs: a code of a job error, or one of this command's own
   * @param message for a person
   * @param path JSON path in the line
   */
  record Trouble(String code, String message, String path) {}
}
