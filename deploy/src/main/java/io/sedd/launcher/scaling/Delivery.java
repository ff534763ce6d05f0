package io.sedd.launcher.scaling;

/** How jobs come to workers, and what it costs to confirm them. */
sealed interface Delivery {

  /** Partitions of the jobs topic. */
  int partitions();

  /** What confirming costs. */
  Confirmation confirmation();

  /** Workers of so many that get jobs at all. */
  int working(int workers);

  /** Jobs that the broker lets be in hand in one partition. */
  int locks();

  /** Jobs that one worker may have in hand, those that wait for their confirmation included. */
  int inHand();

  /**
   * What it takes to publish results and have the broker know that the jobs are done.
   *
   * @param seconds that one confirmation takes where the broker has nothing else to do; a worker
   *     has one at a time, and what ends meanwhile waits for the next
   * @param perConfirmation of the broker's time
   * @param perJob of the broker's time, for each job in it
   */
  record Confirmation(double seconds, double perConfirmation, double perJob) {
    static final Confirmation FREE = new Confirmation(0, 0, 0);
  }

  /** A partition belongs to one worker. */
  record ConsumerGroup(int partitions, Confirmation confirmation) implements Delivery {
    @Override
    public int working(int workers) {
      return Math.min(workers, partitions);
    }

    @Override
    public int locks() {
      return Integer.MAX_VALUE;
    }

    /** As a share group of four lanes: the worker has larger bounds, which change no rate. */
    @Override
    public int inHand() {
      return 4 * ShareGroup.LANE;
    }
  }

  /**
   * Any worker takes from any partition.
   *
   * @param lanes consumers of one worker, each a member of the group
   * @param mostMembers {@code group.share.max.size}
   * @param locks {@code group.share.partition.max.record.locks}
   */
  record ShareGroup(
      int partitions, int lanes, int mostMembers, int locks, Confirmation confirmation)
      implements Delivery {
    /** Jobs that a lane takes, {@code max.poll.records} of the worker's consumers. */
    static final int LANE = 32;

    @Override
    public int working(int workers) {
      return Math.min(workers, mostMembers / lanes);
    }

    @Override
    public int inHand() {
      return lanes * LANE;
    }
  }
}
