package io.sedd.checkpoint.s3;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * A real S3 server in this JVM, with one bucket that is a folder. Requests must be signed; the
 * SDK's default chain finds the credentials in system properties.
 */
public final class S3Site implements AutoCloseable {

  public static final String BUCKET = "models";

  private final Path bucketFolder;
  private final FaultyBlobStore blobs;
  private final S3Proxy server;
  private int port;

  /** A server that runs, on any free port. */
  public S3Site(Path folder) throws Exception {
    System.setProperty("aws.accessKeyId", "tester");
    System.setProperty("aws.secretAccessKey", "not a secret");
    this.bucketFolder = Files.createDirectories(folder.resolve(BUCKET));
    this.blobs = new FaultyBlobStore(new FilesystemNio2BlobStore(folder.toString()));
    this.server =
        S3Proxy.builder()
            .blobStore(blobs)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, "tester", "not a secret")
            .build();
    server.start();
    port = server.getPort();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Where the objects of the bucket are files. */
  public Path bucketFolder() {
    return bucketFolder;
  }

  /** How a store reaches the bucket. */
  public S3Settings settings(String prefix) {
    return new S3Settings(
        new S3Location(BUCKET, prefix), Optional.of(endpoint()), Optional.empty(), true);
  }

  /** The next read of a longer object breaks off after so many bytes. */
  public void breakOnceAfter(long bytes) {
    blobs.breakOnceAfter(bytes);
  }

  /** Keys that were read so far, with their range where there was one. */
  public List<String> reads() {
    return blobs.reads();
  }

  /** Ends the server: from now on nothing listens there. */
  public void stop() throws Exception {
    server.stop();
  }

  @Override
  public void close() throws Exception {
    stop();
  }
}
