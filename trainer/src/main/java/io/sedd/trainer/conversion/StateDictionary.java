package io.sedd.trainer.conversion;

import io.sedd.diffusion.network.WeightFile;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.torch.TorchFile;
import io.sedd.protocol.torch.TorchValue;
import io.sedd.protocol.torch.TorchValue.Dictionary;
import io.sedd.protocol.torch.TorchValue.Sequence;
import io.sedd.protocol.torch.TorchValue.Tensor;
import io.sedd.protocol.torch.TorchValue.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Named tensors of a file of PyTorch's, in the order in which the module has them. */
final class StateDictionary {

  /** What the wrapper for several GPUs puts before every name. */
  private static final String WRAPPED = "module.";

  private StateDictionary() {}

  /**
   * The tensors of a module's {@code state_dict()}.
   *
   * @param what names the value in errors
   */
  static Map<String, Tensor> of(TorchFile file, String what, TorchValue value) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    dictionary(file, what, value)
        .entries()
        .forEach(
            (key, entry) -> {
              if (!(key instanceof Text(String name)) || !(entry instanceof Tensor tensor)) {
                throw new CheckpointException(
                    "%s: %s has the entry %s, which is no named tensor"
                        .formatted(file.file(), what, key));
              }
              tensors.put(
                  name.startsWith(WRAPPED) ? name.substring(WRAPPED.length()) : name, tensor);
            });
    return tensors;
  }

  /**
   * The moving average of the parameters: a list without names, in the order of the module's.
   *
   * @param model the module's state
   * @param shadow the list
   */
  static Map<String, Tensor> average(TorchFile file, Map<String, Tensor> model, TorchValue shadow) {
    List<String> parameters =
        model.keySet().stream().filter(name -> !name.equals(WeightFile.ROTARY)).toList();
    if (!(shadow instanceof Sequence(var items)) || items.size() != parameters.size()) {
      throw new CheckpointException(
          "%s: the moving average is %s, the model has %d parameters"
              .formatted(file.file(), shadow, parameters.size()));
    }
    Map<String, Tensor> average = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      String name = parameters.get(i);
      if (!(items.get(i) instanceof Tensor tensor)
          || !tensor.shape().equals(model.get(name).shape())) {
        throw new CheckpointException(
            "%s: entry %d of the moving average is no tensor of the shape of '%s', %s"
                .formatted(file.file(), i, name, model.get(name).shape()));
      }
      average.put(name, tensor);
    }
    return average;
  }

  static Dictionary dictionary(TorchFile file, String what, TorchValue value) {
    if (!(value instanceof Dictionary dictionary)) {
      throw new CheckpointException(
          "%s: %s is %s, not a dictionary"
              .formatted(file.file(), what, value == null ? "missing" : value));
    }
    return dictionary;
  }
}
