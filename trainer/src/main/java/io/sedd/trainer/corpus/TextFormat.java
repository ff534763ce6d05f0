package io.sedd.trainer.corpus;

/** How a file holds documents. */
public enum TextFormat {
  /** By the file's ending: {@code .jsonl} and {@code .jsonl.gz} are JSON lines, others text. */
  AUTO,
  /** Plain text; a line {@code <|endoftext|>} separates documents, a file's end ends one. */
  TEXT,
  /**
   * Every line, with its line feed, is a document of its own; one of white space alone is an empty
   * one. So the WikiText files are read by the official preparation.
   */
  LINES,
  /** Every line is a JSON string, or a JSON object with the text in a field. */
  JSONL
}
