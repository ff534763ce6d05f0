package io.sedd.worker.denoising;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CandidateShareTest {

  /** Fixed ids, so that it passes or fails for ever; 4 standard deviations would be 0.0049. */
  @Test
  void takesItsShareOfIdsThatDifferInTheirLastDigitsOnly() {
    CandidateShare share = new CandidateShare(0.2);
    long taken =
        IntStream.range(0, 100_000).filter(i -> share.takes("tenant-a/story-" + i)).count();
    assertEquals(0.2, taken / 100_000.0, 0.005);
  }

  @Test
  void aLargerShareTakesAllThatASmallerOneTakes() {
    for (int i = 0; i < 1000; i++) {
      String id = "job-" + i;
      assertTrue(!new CandidateShare(0.1).takes(id) || new CandidateShare(0.3).takes(id));
    }
  }

  @Test
  void nothingAndEverythingAreSharesToo() {
    for (int i = 0; i < 1000; i++) {
      assertTrue(new CandidateShare(1).takes("job-" + i));
      assertTrue(!new CandidateShare(0).takes("job-" + i));
    }
    assertThrows(IllegalArgumentException.class, () -> new CandidateShare(1.1));
    assertThrows(IllegalArgumentException.class, () -> new CandidateShare(Double.NaN));
  }
}
