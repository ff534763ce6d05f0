package io.sedd.worker.deadletters;

/**
 * Where a dead letter stands in its topic.
 *
 * @param partition of the topic
 * @param offset in it
 */
record LetterPosition(int partition, long offset) {

  /**
   * Reads {@code partition:offset}.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static LetterPosition parse(String text) {
    String[] parts = text.split(":", -1);
    try {
      if (parts.length == 2) {
        return new LetterPosition(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
      }
    } catch (NumberFormatException _) {
      // told below, with the form that is wanted
    }
    throw new IllegalArgumentException("must be partition:offset, such as 0:17, but is " + text);
  }

  @Override
  public String toString() {
    return partition + ":" + offset;
  }
}
