package io.sedd.diffusion.network;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Initial weights as the official code has them: uniform in ±1/√(inputs) for embeddings and linear
 * layers, biases included; 1 for norms; 0 for the modulations and the output projection, so that
 * every block begins as the identity.
 */
public final class Initialization {

  private Initialization() {}

  /** Fills all parameters from a seed. */
  public static void official(Parameters parameters, long seed, Backend backend) {
    SplittableRandom random = new SplittableRandom(seed);
    ParameterLayout layout = parameters.layout();
    for (String name : parameters.names()) {
      Tensor tensor = parameters.tensor(name);
      float[] values = new float[Math.toIntExact(tensor.size())];
      if (name.contains("norm")) {
        Arrays.fill(values, 1);
      } else if (!name.contains("adaLN_modulation") && !name.startsWith("output_layer.linear")) {
        double bound = 1 / Math.sqrt(inputs(name, layout));
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) random.nextDouble(-bound, bound);
        }
      }
      backend.write(MemorySegment.ofArray(values), tensor);
    }
  }

  /** A bias is drawn as its weight is. */
  private static int inputs(String name, ParameterLayout layout) {
    String weight = name.endsWith(".bias") ? name.replace(".bias", ".weight") : name;
    return layout.places().get(weight).columns();
  }
}
