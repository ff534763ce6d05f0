package io.sedd.diffusion.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.BackendUnavailableException;
import io.sedd.diffusion.backend.Backends;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReferenceProviderTest {

  @Test
  void theReferenceIsOpenedByItsName() {
    try (Backend backend = Backends.open(Optional.of("reference"), BackendOptions.defaults())) {
      assertEquals("reference", backend.name());
    }
  }

  @Test
  void theReferenceIsNeverChosenUnlessNamed() {
    assertTrue(new ReferenceProvider().preference() < 0);
  }

  @Test
  void anUnknownNameIsAnErrorThatListsThoseThatThereAre() {
    BackendUnavailableException error =
        assertThrows(
            BackendUnavailableException.class,
            () -> Backends.open(Optional.of("abacus"), BackendOptions.defaults()));
    assertTrue(error.getMessage().contains("'abacus'"), error.getMessage());
    assertTrue(error.getMessage().contains("reference"), error.getMessage());
  }
}
