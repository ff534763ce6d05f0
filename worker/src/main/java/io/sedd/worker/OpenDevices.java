package io.sedd.worker;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.worker.configuration.WorkerConfiguration;
import io.sedd.worker.denoising.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The devices that the configuration names, each with a backend of its own.
 *
 * @param all in the order of the configuration
 */
record OpenDevices(List<Device> all) {

  OpenDevices {
    all = List.copyOf(all);
  }

  /**
   * Opens them.
   *
   * @param closing closes their backends
   * @throws io.sedd.diffusion.backend.BackendUnavailableException if one of them cannot start
   */
  static OpenDevices open(WorkerConfiguration.Device configured, ClosingStack closing) {
    List<Integer> numbers = configured.numbers();
    int threads = configured.threads().orElseGet(() -> Runtime.getRuntime().availableProcessors());
    List<Device> devices = new ArrayList<>();
    for (int i = 0; i < numbers.size(); i++) {
      int number = numbers.get(i);
      BackendOptions options =
          new BackendOptions(share(threads, numbers.size(), i), number, configured.precision());
      Backend backend =
          closing.own("backend of device " + number, Backends.open(configured.name(), options));
      devices.add(new Device(i, number, backend));
    }
    return new OpenDevices(devices);
  }

  /** Of the host threads; one at least, on a machine of fewer processors than devices. */
  static int share(int threads, int devices, int index) {
    return Math.max(1, threads / devices + (index < threads % devices ? 1 : 0));
  }

  /** Each of them, for people. */
  String description() {
    return all.size() == 1
        ? all.getFirst().backend().description()
        : all.stream()
            .map(
                device -> "device %s: %s".formatted(device.label(), device.backend().description()))
            .collect(Collectors.joining("; "));
  }
}
