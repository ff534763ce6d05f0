/**
 * Checkpoints in a bucket of S3 or of a server that speaks it, copied to a local cache. Objects are
 * laid out as the files of a folder are: {@code LATEST} beside {@code step-00012000/config.json}.
 */
package io.sedd.checkpoint.s3;
