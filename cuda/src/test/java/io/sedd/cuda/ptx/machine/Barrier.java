package io.sedd.cuda.ptx.machine;

/**
 * A barrier of the block, {@code bar.sync} and its kind.
 *
 * @param identity int register that holds its number
 * @param threads int register that holds how many threads meet there, or -1 for all
 * @param arrive whether the warp only says that it was there and goes on
 * @param reduction what is made of a predicate of all threads, or null
 * @param predicate index of that predicate
 * @param flip -1 where its opposite is meant, else 0
 * @param result register, or predicate for AND and OR, that takes the outcome
 */
public record Barrier(
    int identity,
    int threads,
    boolean arrive,
    Reduction reduction,
    int predicate,
    int flip,
    int result) {

  /** What becomes of the predicates. */
  public enum Reduction {
    POPC,
    AND,
    OR
  }

  /** A barrier without reduction. */
  public static Barrier plain(int identity, int threads, boolean arrive) {
    return new Barrier(identity, threads, arrive, null, 0, 0, 0);
  }
}
