package io.sedd.protocol.checkpoint;

/** The moments of a publication, in order; a publisher may be killed after each. */
enum PublishStep {
  FILES_FORCED,
  MANIFEST_WRITTEN,
  FOLDER_RENAMED,
  LATEST_WRITTEN,
  LATEST_RENAMED
}
