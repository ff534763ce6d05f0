package io.sedd.checkpoint.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The objects below a location, by their paths below its prefix. Whatever goes wrong is an {@link
 * IOException} that says where: it may be well again later.
 */
final class S3Objects implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private final S3Location location;
  private final S3Client client;

  S3Objects(S3Settings settings) {
    this.location = settings.location();
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE))
            .forcePathStyle(settings.pathStyle())
            // hashes come from the manifest; servers other than Amazon's may not know these
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    settings.endpoint().ifPresent(builder::endpointOverride);
    settings
        .region()
        .or(() -> settings.endpoint().map(_ -> S3Settings.ANY_REGION))
        .ifPresent(region -> builder.region(Region.of(region)));
    this.client = builder.build();
  }

  S3Location location() {
    return location;
  }

  /** All objects whose path begins so, in the order of their paths. */
  List<StoredObject> below(String path) throws IOException {
    return said(
        path,
        () ->
            client
                .listObjectsV2Paginator(
                    list -> list.bucket(location.bucket()).prefix(location.key(path)))
                .contents()
                .stream()
                .map(o -> new StoredObject(location.path(o.key()), o.size(), o.eTag()))
                .toList());
  }

  /** The content of a small object, if it is there. */
  Optional<byte[]> content(String path) throws IOException {
    try {
      return Optional.of(
          said(
              path,
              () ->
                  client
                      .getObjectAsBytes(
                          get -> get.bucket(location.bucket()).key(location.key(path)))
                      .asByteArray()));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /** An object's content from a byte on; an error if it is another content than that was listed. */
  ResponseInputStream<GetObjectResponse> read(StoredObject object, long from) throws IOException {
    return said(
        object.path(),
        () ->
            client.getObject(
                get -> {
                  get.bucket(location.bucket()).key(location.key(object.path()));
                  get.ifMatch(object.etag());
                  if (from > 0) {
                    get.range("bytes=" + from + "-");
                  }
                }));
  }

  /** Puts a file's content there; readers see the old content or the new one. */
  void put(String path, Path file) throws IOException {
    said(
        path,
        () ->
            client.putObject(
                put -> put.bucket(location.bucket()).key(location.key(path)),
                RequestBody.fromFile(file)));
  }

  /** As {@link #put(String, Path)}. */
  void put(String path, String content) throws IOException {
    said(
        path,
        () ->
            client.putObject(
                put -> put.bucket(location.bucket()).key(location.key(path)),
                RequestBody.fromString(content)));
  }

  void delete(String path) throws IOException {
    said(
        path,
        () ->
            client.deleteObject(
                delete -> delete.bucket(location.bucket()).key(location.key(path))));
  }

  private <T> T said(String path, Supplier<T> request) throws IOException {
    try {
      return request.get();
    } catch (SdkException e) {
      throw inWords(path, e);
    }
  }

  /** What a fault of the SDK means. */
  IOException inWords(String path, SdkException fault) {
    String where = location.url(path);
    return switch (fault) {
      case NoSuchKeyException _ -> new NoSuchFileException(where);
      case NoSuchBucketException _ ->
          new IOException(
              "%s: there is no bucket '%s' at this endpoint; make it, or correct the location"
                  .formatted(where, location.bucket()),
              fault);
      case S3Exception e when e.statusCode() == 403 ->
          new IOException(
              where + ": access is denied; check the credentials and the bucket's policy", fault);
      case S3Exception e when e.statusCode() == 412 ->
          new IOException(where + ": was replaced while it was read", fault);
      case AbortedException _ -> {
        InterruptedIOException interrupted = new InterruptedIOException(where + ": interrupted");
        interrupted.initCause(fault);
        yield interrupted;
      }
      default ->
          new IOException(where + ": no answer that can be used: " + fault.getMessage(), fault);
    };
  }

  @Override
  public void close() {
    client.close();
  }
}
