package io.sedd.diffusion.backend.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class Nd4jProviderTest {

  @Test
  void theDefaultBackendIsNd4jAndSaysWhichKernelsItUses() {
    try (Backend backend = Backends.open(Optional.empty(), new BackendOptions(1, 0))) {
      assertEquals("nd4j", backend.name());
      assertTrue(backend.description().contains("products by oneDNN"), backend.description());
      assertTrue(backend.description().contains("Vector API"), backend.description());
    }
  }

  @Test
  void probingTellsWhatWasFound() {
    assertEquals("ND4J runs on CpuBackend", new Nd4jProvider().probe().reason());
  }
}
