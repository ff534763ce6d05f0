package io.sedd.checkpoint.s3;

import java.net.URI;
import java.util.Optional;

/**
 * How to reach the bucket. Credentials come from the SDK's default chain: environment, system
 * properties, profile, web identity, instance role.
 *
 * @param location bucket and prefix
 * @param endpoint of a server that is not Amazon's, such as {@code http://minio:9000}
 * @param region as the server knows it; where absent the SDK's default chain is asked, or, with an
 *     endpoint, {@value #ANY_REGION} is said
 * @param pathStyle the bucket stands in the path and not in the host name, as MinIO and most others
 *     want it
 */
public record S3Settings(
    S3Location location, Optional<URI> endpoint, Optional<String> region, boolean pathStyle) {

  static final String ANY_REGION = "us-east-1";
}
