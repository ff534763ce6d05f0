package io.sedd.worker.hostile;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.worker.hostile.HostileInput.Verdict;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Damaged messages and files under a fixed seed. {@code -Dhostile.inputs=1000000} and {@code
 * -Dhostile.seed=N} go further; {@code deploy/fuzz.sh} goes on with coverage as its guide.
 */
class HostileInputTest {

  private static final Logger log = LoggerFactory.getLogger(HostileInputTest.class);
  private static final int INPUTS = Integer.getInteger("hostile.inputs", 5_000);
  private static final long SEED = Long.getLong("hostile.seed", 20_261_124);

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void damagedBytesEndInAnOutcomeAndWithinTheirLimits(HostileInputs kind) throws Exception {
    try (HostileInput input = kind.open()) {
      Watch watch = new Campaign(input, SEED).run(INPUTS);
      log.info("{}", watch.summary());
      // both sides of the reader are seen, or the campaign shows nothing
      assertTrue(watch.count(Verdict.ACCEPTED) > INPUTS / 1000, watch::summary);
      assertTrue(watch.count(Verdict.REFUSED) > INPUTS / 4, watch::summary);
    }
  }
}
