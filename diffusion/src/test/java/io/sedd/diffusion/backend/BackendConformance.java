package io.sedd.diffusion.backend;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * Everything that a backend must do, kernel by kernel, against the reference on awkward sizes: rows
 * of 1, 2 and primes, 1023, 1024 and 1025 columns, sequences of length 1, selections with empty
 * sequences, views at odd offsets. The tolerances are those of an fp32 backend and stand in each
 * part.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BackendConformance
    implements MemoryConformance,
        LinearConformance,
        SequenceConformance,
        AttentionConformance,
        DrawConformance,
        ConcurrencyConformance,
        ScoreEntropyConformance,
        LossConformance,
        OptimizerConformance {

  private Backend backend;

  /** The backend under test; opened once, and closed after the tests. */
  protected abstract Backend open();

  @Override
  public final Backend backend() {
    return backend;
  }

  @BeforeAll
  final void openBackend() {
    backend = open();
  }

  @AfterAll
  final void closeBackend() {
    backend.close();
  }
}
