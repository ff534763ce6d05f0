package io.sedd.worker.denoising;

/**
 * Which jobs a candidate checkpoint gets. It is decided by a hash of the id alone, so that a job
 * that is delivered again, to whatever worker, falls on the same side.
 *
 * @param share of all jobs, in [0, 1]
 */
public record CandidateShare(double share) {

  public CandidateShare {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share lies in [0, 1], not " + share);
    }
  }

  /** Whether the candidate gets this job. */
  public boolean takes(String jobId) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < jobId.length(); i++) {
      hash = (hash ^ jobId.charAt(i)) * 0x100000001b3L;
    }
    // FNV-1a leaves the high bits of short, alike ids alike; the finalizer of MurmurHash3 does not
    hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    hash ^= hash >>> 33;
    return (hash >>> 11) * 0x1p-53 < share;
  }
}
