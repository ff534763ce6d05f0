package io.sedd.checkpoint.s3;

/**
 * An object of the bucket.
 *
 * @param path below the location's prefix
 * @param bytes its size
 * @param etag what tells one content from another
 */
record StoredObject(String path, long bytes, String etag) {}
