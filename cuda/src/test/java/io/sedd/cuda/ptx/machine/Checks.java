package io.sedd.cuda.ptx.machine;

/**
 * What is a fault beside accesses outside of allocations, which always are.
 *
 * @param uninitialised reading global memory that was never written
 * @param shared races in shared memory, and reading of it what was never written
 * @param backwards whether blocks and warps run from the last to the first, which must change
 *     nothing
 * @param steps most instructions of warps in a launch; more is taken for a loop without an end
 */
public record Checks(boolean uninitialised, boolean shared, boolean backwards, long steps) {

  public static final Checks ALL = new Checks(true, true, false, 20_000_000_000L);
  public static final Checks NONE = new Checks(false, false, false, 20_000_000_000L);

  public Checks inReverse() {
    return new Checks(uninitialised, shared, true, steps);
  }
}
