package io.sedd.trainer.conversion;

import io.sedd.protocol.checkpoint.CheckpointConfig;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** A network as somebody else saved it: its configuration, and tensors under official names. */
public interface ForeignModel extends AutoCloseable {

  /** Its shape and process. */
  CheckpointConfig config();

  /** Dimensions of every tensor, by name. */
  Map<String, long[]> shapes();

  /**
   * Copies a tensor to fp32 numbers of this platform's byte order, row-major.
   *
   * @param target of exactly 4 bytes an element
   */
  void copyFloats(String name, MemorySegment target) throws IOException;

  /** One sentence: what these weights are. */
  String description();

  @Override
  void close() throws IOException;
}
