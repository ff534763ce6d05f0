package io.sedd.worker.kafka;

/**
 * What the broker grants a share group.
 *
 * @param deliveryLimit how often a record is delivered before the broker archives it
 */
public record ShareGroupTerms(int deliveryLimit) {

  /**
   * Least limit with which a job can run twice and be sent again at its third delivery, with two in
   * reserve for workers that end before the copy is published.
   */
  public static final int LEAST_DELIVERIES = 5;
}
