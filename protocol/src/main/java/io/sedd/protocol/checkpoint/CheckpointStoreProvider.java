package io.sedd.protocol.checkpoint;

import java.io.IOException;
import java.util.ServiceLoader;

/**
 * A kind of remote store, found on the class path by {@link ServiceLoader}, so that nobody carries
 * a client that he does not use.
 */
public interface CheckpointStoreProvider {

  /** Whether this is the kind for such a url. */
  boolean reads(String url);

  /**
   * A store, owned by the caller.
   *
   * @throws IllegalArgumentException if the url has a wrong form
   * @throws IOException if the cache cannot be used
   */
  CheckpointStore open(RemoteLocation location) throws IOException;

  /**
   * The store of a location.
   *
   * @throws CheckpointException if nothing on the class path reads it
   */
  static CheckpointStore find(RemoteLocation location) throws IOException {
    for (CheckpointStoreProvider provider : ServiceLoader.load(CheckpointStoreProvider.class)) {
      if (provider.reads(location.url())) {
        return provider.open(location);
      }
    }
    throw new CheckpointException(
        "%s: nothing on the class path reads such a place; s3://bucket/prefix takes sedd-checkpoint-s3"
            .formatted(location.url()));
  }
}
