package io.sedd.cuda.mutation;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.sedd.cuda.driver.KernelCompiler;
import io.sedd.cuda.kernels.EmulatedBackend;
import io.sedd.cuda.kernels.EmulatedBackend.Emulation;
import io.sedd.cuda.ptx.CheckedInPtx;
import io.sedd.cuda.ptx.machine.Checks;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs the tests of a source on a backend whose PTX is another one's. */
final class MutantRun {

  /** Ten times what a launch of these tests needs: a loop that does not end is an error soon. */
  private static final long MOST_STEPS = 20_000_000;

  private static final List<String> CLASSES =
      List.of(
          "io.sedd.cuda.kernels.CudaConformanceTest",
          "io.sedd.cuda.kernels.FactorTest",
          "io.sedd.cuda.kernels.NormTest");

  private final String source;
  private final String tests;

  /**
   * @param source as {@code gate} or {@code attention_forward_16}
   * @param tests pattern of the names of the tests to be run
   */
  MutantRun(String source, String tests) {
    this.source = source;
    this.tests = tests;
  }

  /**
   * What fails first, with blocks and warps in their order and then in reverse; nothing where the
   * tests do not see the difference.
   *
   * @throws IllegalStateException if there are no such tests
   */
  Optional<String> failure(String ptx) {
    Checks checks = new Checks(true, true, false, MOST_STEPS);
    return failure(ptx, checks).or(() -> failure(ptx, checks.inReverse()));
  }

  private Optional<String> failure(String ptx, Checks checks) {
    CheckedInPtx kept = new CheckedInPtx();
    KernelCompiler compiler =
        (name, text, architecture) ->
            name.equals(source + ".cu") ? ptx : kept.ptx(name, text, architecture);
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    ScopedValue.where(EmulatedBackend.INSTEAD, new Emulation(compiler, checks))
        .run(() -> LauncherFactory.create().execute(request(), listener));
    TestExecutionSummary summary = listener.getSummary();
    if (summary.getTestsStartedCount() + summary.getTotalFailureCount() == 0) {
      throw new IllegalStateException("no test of " + CLASSES + " is called " + tests);
    }
    return summary.getFailures().stream()
        .findFirst()
        .map(
            failure ->
                failure.getTestIdentifier().getDisplayName() + ": " + failure.getException());
  }

  private LauncherDiscoveryRequest request() {
    Pattern wanted = Pattern.compile(tests);
    PostDiscoveryFilter filter =
        descriptor ->
            FilterResult.includedIf(
                method(descriptor).map(name -> wanted.matcher(name).matches()).orElse(true));
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(CLASSES.stream().map(name -> selectClass(name)).toList())
        .filters(filter)
        .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
        .build();
  }

  private static Optional<String> method(TestDescriptor descriptor) {
    Optional<TestSource> source = descriptor.getSource();
    return source.isPresent() && source.get() instanceof MethodSource method
        ? Optional.of(method.getMethodName())
        : Optional.empty();
  }
}
