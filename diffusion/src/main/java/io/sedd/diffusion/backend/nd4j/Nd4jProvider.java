package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.BackendProvider;
import io.sedd.diffusion.backend.BackendUnavailableException;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Offers the default: {@link Nd4jBackend} where ND4J runs on a processor, {@link Nd4jOperations}
 * where it runs on a card. ND4J is touched by {@link #probe} and {@link #open}.
 */
public final class Nd4jProvider implements BackendProvider {

  /** Of nd4j-cuda alone. */
  private static final String CUDA_BACKEND = "org/nd4j/linalg/jcublas/JCublasBackend.class";

  @Override
  public String name() {
    return Nd4jBackend.NAME;
  }

  @Override
  public int preference() {
    return 10;
  }

  @Override
  public Availability probe() {
    return probe(0);
  }

  private static Availability probe(int device) {
    try {
      return Library.probe(device);
    } catch (LinkageError e) {
      return new Availability(false, absent(e));
    }
  }

  @Override
  public Backend open(BackendOptions options) {
    Availability availability = probe(options.device());
    if (!availability.available()) {
      throw new BackendUnavailableException(
          "the nd4j backend cannot start: " + availability.reason());
    }
    return Library.open(options);
  }

  private static String absent(Throwable e) {
    ClassLoader classes = Nd4jProvider.class.getClassLoader();
    return absent(e, classes.getResource(CUDA_BACKEND) != null);
  }

  /**
   * @param forCuda whether the build is of the profile cuda-11.6
   */
  static String absent(Throwable e, boolean forCuda) {
    return forCuda
        ? "ND4J's CUDA binary, which this build has by the profile cuda-11.6, does not start here ("
            + e
            + "): it needs an NVIDIA card of compute capability 3.7 to 8.6 and CUDA 11.6"
        : "ND4J does not load ("
            + e
            + "); put nd4j-native with its binary for this platform on the class path";
  }

  /** Keeps ND4J's classes out of the provider. */
  private static final class Library {

    /**
     * JavaCPP's limit for the resident memory of the process, four times the Java heap by default:
     * it would refuse weights and activations, which are not on the heap.
     */
    private static final String LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

    static Availability probe(int device) {
      if (System.getProperty(LIMIT) == null) {
        System.setProperty(LIMIT, "0");
      }
      try {
        return Nd4jOperations.probe(device);
      } catch (RuntimeException e) {
        return new Availability(false, absent(e));
      }
    }

    static Backend open(BackendOptions options) {
      if (!Nd4j.getEnvironment().isCPU()) {
        return Nd4jOperations.open(options);
      }
      RowPool pool = new RowPool(options.threads());
      RowKernels rows = RowKernels.best();
      return new Nd4jBackend(rows, Products.best(options.precision(), rows, pool), pool);
    }
  }
}
