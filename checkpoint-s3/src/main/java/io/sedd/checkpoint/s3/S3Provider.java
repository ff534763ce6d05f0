package io.sedd.checkpoint.s3;

import io.sedd.protocol.checkpoint.CheckpointStore;
import io.sedd.protocol.checkpoint.CheckpointStoreProvider;
import io.sedd.protocol.checkpoint.RemoteLocation;
import java.io.IOException;

/** Reads {@code s3://bucket/prefix}. */
public final class S3Provider implements CheckpointStoreProvider {

  @Override
  public boolean reads(String url) {
    return url.startsWith("s3://");
  }

  @Override
  public CheckpointStore open(RemoteLocation location) throws IOException {
    return S3CheckpointStore.open(
        new S3Settings(
            S3Location.parse(location.url()),
            location.endpoint(),
            location.region(),
            location.pathStyle()),
        location.cacheFolder(),
        location.cacheBytes());
  }
}
