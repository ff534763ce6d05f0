package io.sedd.trainer.evaluation;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.Parameters;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.Safetensors;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * GPT-2's tensors under the names of these blocks. Its linear layers are stored [in, out], the
 * biases of its norms become shifts, its gates are 1, and the noise has no weight.
 *
 * @param file the tensors, with or without the prefix {@code transformer.}
 */
record Gpt2Weights(Safetensors file, NetworkShape shape, Backend backend) {

  Parameters read() {
    Parameters parameters = Parameters.create(shape, backend);
    try {
      fill(parameters);
      if (!Double.isFinite(backend.sumOfSquares(parameters.flat()))) {
        throw new CheckpointException(file.file() + ": holds numbers that are not finite");
      }
      return parameters;
    } catch (RuntimeException e) {
      parameters.close();
      throw e;
    }
  }

  private void fill(Parameters parameters) {
    int h = shape.hidden();
    float[] tokens = floats("wte.weight", shape.states(), h);
    write(parameters, "vocab_embed.embedding", tokens);
    write(parameters, "position_embed.embedding", floats("wpe.weight", shape.length(), h));
    for (int n = 0; n < shape.blocks(); n++) {
      String from = "h." + n + ".";
      String to = "blocks." + n + ".";
      write(parameters, to + "norm1.weight", floats(from + "ln_1.weight", h));
      write(parameters, to + "norm2.weight", floats(from + "ln_2.weight", h));
      float[] modulation = new float[6 * h];
      System.arraycopy(floats(from + "ln_1.bias", h), 0, modulation, 0, h);
      Arrays.fill(modulation, 2 * h, 3 * h, 1);
      System.arraycopy(floats(from + "ln_2.bias", h), 0, modulation, 3 * h, h);
      Arrays.fill(modulation, 5 * h, 6 * h, 1);
      write(parameters, to + "adaLN_modulation.bias", modulation);
      linear(parameters, from + "attn.c_attn", to + "attn_qkv", h, 3 * h);
      linear(parameters, from + "attn.c_proj", to + "attn_out", h, h);
      linear(parameters, from + "mlp.c_fc", to + "mlp.0", h, NetworkShape.MLP_RATIO * h);
      linear(parameters, from + "mlp.c_proj", to + "mlp.2", NetworkShape.MLP_RATIO * h, h);
    }
    write(parameters, "output_layer.norm_final.weight", floats("ln_f.weight", h));
    float[] last = Arrays.copyOf(floats("ln_f.bias", h), 2 * h);
    write(parameters, "output_layer.adaLN_modulation.bias", last);
    write(
        parameters,
        "output_layer.linear.weight",
        file.has("lm_head.weight") ? floats("lm_head.weight", shape.states(), h) : tokens);
  }

  private void linear(Parameters parameters, String from, String to, int in, int out) {
    float[] stored = floats(from + ".weight", in, out);
    float[] turned = new float[stored.length];
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        turned[o * in + i] = stored[i * out + o];
      }
    }
    write(parameters, to + ".weight", turned);
    write(parameters, to + ".bias", floats(from + ".bias", out));
  }

  private float[] floats(String name, long... dimensions) {
    String full = file.has(name) ? name : "transformer." + name;
    file.entry(full, dimensions);
    return file.readFloats(full);
  }

  private void write(Parameters parameters, String name, float[] values) {
    Tensor tensor = parameters.tensor(name);
    if (tensor.size() != values.length) {
      throw new CheckpointException(
          "%s: %s has %d numbers, expected %d"
              .formatted(file.file(), name, values.length, tensor.size()));
    }
    backend.write(MemorySegment.ofArray(values), tensor);
  }
}
