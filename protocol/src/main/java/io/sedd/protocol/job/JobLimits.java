package io.sedd.protocol.job;

/**
 * What a message may contain at most. The constants are the contract, the same as in the schema
 * files; the record holds what an installation may choose.
 *
 * @param recordBytes largest record that is read at all, bytes; larger ones are dead letters
 */
public record JobLimits(int recordBytes) {

  public static final int MAX_ID_CHARACTERS = 128;
  public static final int MAX_SAMPLES = 64;
  public static final int MAX_STEPS = 4096;
  public static final int MIN_PRIORITY = 1;
  public static final int MAX_PRIORITY = 9;

  /** Log scores of a few hundred divided by this still fit a 32-bit float. */
  public static final double MIN_TEMPERATURE = 1e-6;

  public static final double MAX_TEMPERATURE = 100;

  /** No network is near this length: beyond it a blank is a mistake whatever the checkpoint. */
  public static final int MAX_BLANK = 1 << 20;

  public static final int MAX_METADATA_ENTRIES = 32;
  public static final int MAX_METADATA_KEY_CHARACTERS = 256;
  public static final int MAX_METADATA_VALUE_CHARACTERS = 4096;

  private static final int DEFAULT_RECORD_BYTES = 1 << 20;

  public JobLimits {
    if (recordBytes < 1) {
      throw new IllegalArgumentException("recordBytes must be at least 1, but is " + recordBytes);
    }
  }

  /** Records of at most 1 MiB, as Kafka's own default. */
  public static JobLimits defaults() {
    return new JobLimits(DEFAULT_RECORD_BYTES);
  }
}
