package io.sedd.worker.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** The soak of {@code deploy/soak.sh}, half a minute of faults in each mode. */
class SoakTest {

  private static final long SEED = Long.getLong("faults.seed", 1);

  @ParameterizedTest
  @EnumSource
  void halfAMinuteOfRandomFaultsLosesNothing(Mode mode, @TempDir Path folder) {
    assertEquals(
        0,
        new CommandLine(new Soak())
            .execute(
                "--minutes=0.5", "--seed=" + SEED, "--mode=" + mode.key(), "--folder=" + folder));
  }
}
