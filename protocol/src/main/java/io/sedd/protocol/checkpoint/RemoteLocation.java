package io.sedd.protocol.checkpoint;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where checkpoints are that are not in a folder of this machine. Credentials are looked for where
 * the server's kind usually has them.
 *
 * @param url such as {@code s3://bucket/prefix}
 * @param endpoint of the server, where the url does not say it
 * @param region as the server knows it
 * @param pathStyle the bucket stands in the path of requests and not in the host name
 * @param cacheFolder for copies on this machine; no other process uses it at the same time
 * @param cacheBytes of all copies together; room for two checkpoints at least
 */
public record RemoteLocation(
    String url,
    Optional<URI> endpoint,
    Optional<String> region,
    boolean pathStyle,
    Path cacheFolder,
    long cacheBytes) {}
