package io.sedd.worker.kafka;

/**
 * What the broker grants a share group.
 *
 * @param deliveryLimit how often a record is delivered before the broker archives it
 */
public record ShareGroupTerms(int deliveryLimit) {

  /**
   * Least limit with which a job can run twice in company, once alone, and be told dead in time.
   */
  public static final int LEAST_DELIVERIES = 5;

  /**
   * The delivery at which a worker must not start a job any more but make it a dead letter: one is
   * left after it, for the case that this worker ends before the dead letter is published.
   */
  public int lastDelivery() {
    return deliveryLimit - 1;
  }
}
