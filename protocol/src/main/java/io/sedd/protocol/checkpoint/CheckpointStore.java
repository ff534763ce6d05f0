package io.sedd.protocol.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where checkpoints are published and found. Any number of readers and one publisher at a time use
 * it, in any number of processes; a reader sees a checkpoint whole or not at all.
 *
 * <p>Names are bare folder names ({@link CheckpointNames#isBare}); any other is refused with a
 * {@link CheckpointException}.
 */
public interface CheckpointStore extends AutoCloseable {

  /** Names of the published checkpoints, from old to new ({@link CheckpointNames#BY_AGE}). */
  List<String> list() throws IOException;

  /**
   * The checkpoint to serve; empty where none was ever named.
   *
   * @throws CheckpointException if what is named is no name or not there
   */
  Optional<String> latest() throws IOException;

  /**
   * A checkpoint as a local folder; a remote store fetches it first. {@link Checkpoint#verify} is
   * left to the caller.
   *
   * @throws CheckpointException if it is not there, or no checkpoint
   */
  Checkpoint open(String name) throws IOException;

  /**
   * What tells one state of a checkpoint's files from another without reading its weights. Also of
   * one that is no sound checkpoint, or not there.
   *
   * @return a hash, 64 hexadecimal digits
   */
  String fingerprint(String name) throws IOException;

  /**
   * Says which checkpoints are still wanted on this machine: a store that keeps copies of remote
   * ones does not make room at their cost. The others are not removed by this.
   */
  default void keep(Set<String> names) {}

  /**
   * Begins a checkpoint; no reader sees it before {@link CheckpointDraft#publish}.
   *
   * @throws CheckpointException if the name exists already
   */
  CheckpointDraft draft(String name) throws IOException;

  /**
   * Makes a published checkpoint the one to serve: going back to an older one, or repeating what a
   * publisher was killed before.
   *
   * @throws CheckpointException if it is not there
   */
  void makeLatest(String name) throws IOException;

  /**
   * Removes a checkpoint.
   *
   * @throws CheckpointException if it is not there, or the latest
   */
  void delete(String name) throws IOException;

  /**
   * Removes what killed publishers left behind, and drafts being written: only for the publisher,
   * before it begins.
   *
   * @return what was removed, for the log
   */
  List<String> removeLeftovers() throws IOException;

  /** Gives up connections and locks, where there are any. */
  @Override
  default void close() throws IOException {}
}
