package io.sedd.trainer.training;

/**
 * An endless stream of clean training sequences that can be entered anywhere: the same index always
 * gives the same sequence, which is what lets a run resume exactly.
 */
@FunctionalInterface
public interface SequenceSource {

  /** The tokens of the sequence at a position of the stream, from 0. */
  int[] sequence(long index);
}
