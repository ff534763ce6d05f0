package io.sedd.diffusion.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses a backend by name or by probing, and logs the choice with its reason in one line. */
public final class Backends {

  private static final Logger log = LoggerFactory.getLogger(Backends.class);

  private Backends() {}

  /**
   * Opens the named backend, or, where none is named, the most preferred that can start.
   *
   * @throws BackendUnavailableException if the named one cannot start (there is no silent
   *     fall-back), or none can
   */
  public static Backend open(Optional<String> name, BackendOptions options) {
    List<BackendProvider> providers = new ArrayList<>();
    ServiceLoader.load(BackendProvider.class).forEach(providers::add);
    providers.sort(Comparator.comparingInt(BackendProvider::preference).reversed());
    return name.isPresent() ? named(name.get(), providers, options) : probed(providers, options);
  }

  private static Backend named(
      String name, List<BackendProvider> providers, BackendOptions options) {
    for (BackendProvider provider : providers) {
      if (provider.name().equals(name)) {
        Backend backend = provider.open(options);
        log.info("backend {}: asked for by name; {}", backend.name(), backend.description());
        return backend;
      }
    }
    throw new BackendUnavailableException(
        "there is no backend '"
            + name
            + "'; this installation has "
            + providers.stream().map(BackendProvider::name).toList());
  }

  private static Backend probed(List<BackendProvider> providers, BackendOptions options) {
    List<String> refused = new ArrayList<>();
    for (BackendProvider provider : providers) {
      if (provider.preference() < 0) {
        continue;
      }
      BackendProvider.Availability availability = provider.probe();
      if (availability.available()) {
        Backend backend = provider.open(options);
        log.info(
            "backend {}: {}{}; {}",
            backend.name(),
            availability.reason(),
            refused.isEmpty() ? "" : " (not " + String.join(", not ", refused) + ")",
            backend.description());
        return backend;
      }
      refused.add(provider.name() + ": " + availability.reason());
    }
    throw new BackendUnavailableException(
        "no backend can start here: " + String.join("; ", refused));
  }
}
