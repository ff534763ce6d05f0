package io.sedd.diffusion.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.backend.AdamWStep;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Against the update written out for one number. */
class AdamWTest {

  @Test
  void aParameterMovesAsTheFormulasSay() {
    float[] gradients = {0.5f, -0.25f, 2f, 0.125f, -1f};
    double p = 0.75;
    double m = 0;
    double v = 0;
    double average = 0.75;
    try (Backend backend = new ReferenceBackend();
        Tensor parameter = tensor(backend, 0.75f);
        Tensor first = tensor(backend, 0);
        Tensor second = tensor(backend, 0);
        Tensor mean = tensor(backend, 0.75f)) {
      for (int n = 1; n <= gradients.length; n++) {
        AdamWStep step = new AdamWStep(n, 0.01 * n, 0.9, 0.99, 1e-3, 0.2, 0.3, 0.5, 0.8);
        try (Tensor gradient = tensor(backend, gradients[n - 1])) {
          backend.adamW(step, gradient, parameter, first, second, mean);
        }
        double g = gradients[n - 1] * 0.5 + 0.3 * p;
        p = p - 0.01 * n * 0.2 * p;
        m = 0.9 * m + 0.1 * g;
        v = 0.99 * v + 0.01 * g * g;
        double mHat = m / (1 - Math.pow(0.9, n));
        double vHat = v / (1 - Math.pow(0.99, n));
        p = p - 0.01 * n * mHat / (Math.sqrt(vHat) + 1e-3);
        average = 0.8 * average + 0.2 * p;
        assertEquals(p, backend.read(parameter)[0], 1e-6, "parameter after update " + n);
        assertEquals(average, backend.read(mean)[0], 1e-6, "average after update " + n);
        assertEquals(m, backend.read(first)[0], 1e-6, "first moment after update " + n);
        assertEquals(v, backend.read(second)[0], 1e-6, "second moment after update " + n);
      }
    }
  }

  /** With bias correction the first update is the learning rate, whatever the gradient's size. */
  @Test
  void theFirstUpdateIsTheLearningRate() {
    try (Backend backend = new ReferenceBackend();
        Tensor gradient = tensor(backend, -1e-3f);
        Tensor parameter = tensor(backend, 1);
        Tensor first = tensor(backend, 0);
        Tensor second = tensor(backend, 0);
        Tensor mean = tensor(backend, 1)) {
      AdamWStep step = new AdamWStep(1, 0.25, 0.9, 0.999, 0, 0, 1, 0.5);
      backend.adamW(step, gradient, parameter, first, second, mean);
      assertEquals(1.25f, backend.read(parameter)[0], 1e-6);
      assertEquals(1.125f, backend.read(mean)[0], 1e-6);
    }
  }

  private static Tensor tensor(Backend backend, float value) {
    Tensor tensor = backend.allocate(1, 1);
    backend.write(MemorySegment.ofArray(new float[] {value}), tensor);
    return tensor;
  }
}
