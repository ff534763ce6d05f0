package io.sedd.protocol.torch;

import io.sedd.protocol.torch.TorchValue.Dictionary;
import io.sedd.protocol.torch.TorchValue.Sequence;
import io.sedd.protocol.torch.TorchValue.Storage;
import io.sedd.protocol.torch.TorchValue.Tensor;
import io.sedd.protocol.torch.TorchValue.Text;
import io.sedd.protocol.torch.TorchValue.Whole;
import java.util.LinkedHashMap;
import java.util.List;

/** The few names that a pickle of tensors needs; every other is refused. */
sealed interface TorchConstructors {

  /** Makes a value of a call's arguments. */
  TorchValue apply(List<TorchValue> arguments);

  /** {@code collections.OrderedDict}. */
  record OrderedDictionary() implements TorchConstructors {
    @Override
    public TorchValue apply(List<TorchValue> arguments) {
      Dictionary made = new Dictionary(new LinkedHashMap<>());
      for (TorchValue argument : arguments) {
        if (!(argument instanceof Sequence(var pairs))) {
          throw new TorchFileException("a dictionary is made of " + argument);
        }
        for (TorchValue pair : pairs) {
          if (!(pair instanceof Sequence(var items))
              || items.size() != 2
              || !(items.getFirst() instanceof Text key)) {
            throw new TorchFileException("a dictionary has " + pair + " as an entry");
          }
          made.entries().put(key, items.getLast());
        }
      }
      return made;
    }
  }

  /** {@code torch._utils._rebuild_tensor_v2(storage, offset, size, stride, ...)}. */
  record RebuiltTensor() implements TorchConstructors {
    @Override
    public TorchValue apply(List<TorchValue> arguments) {
      if (arguments.size() < 4 || !(arguments.getFirst() instanceof Storage storage)) {
        throw new TorchFileException("a tensor is made of no storage");
      }
      Tensor tensor =
          new Tensor(
              storage, whole(arguments.get(1)), wholes(arguments.get(2)), wholes(arguments.get(3)));
      requireInside(tensor);
      return tensor;
    }

    private static List<Long> wholes(TorchValue value) {
      if (!(value instanceof Sequence(var items))) {
        throw new TorchFileException("a tensor's shape is " + value);
      }
      return items.stream().map(RebuiltTensor::whole).toList();
    }

    private static long whole(TorchValue value) {
      if (!(value instanceof Whole(long number)) || number < 0) {
        throw new TorchFileException("a tensor's offset, size or stride is " + value);
      }
      return number;
    }

    private static void requireInside(Tensor tensor) {
      boolean inside = tensor.shape().size() == tensor.strides().size();
      try {
        long last = tensor.offset();
        for (int d = 0; inside && d < tensor.shape().size(); d++) {
          last =
              Math.addExact(
                  last,
                  Math.multiplyExact(
                      Math.max(0, tensor.shape().get(d) - 1), tensor.strides().get(d)));
        }
        inside &= tensor.elements() == 0 || last < tensor.storage().elements();
      } catch (ArithmeticException _) {
        inside = false;
      }
      if (!inside) {
        throw new TorchFileException(
            "a tensor of shape %s, strides %s and offset %d does not fit its storage of %d numbers"
                .formatted(
                    tensor.shape(),
                    tensor.strides(),
                    tensor.offset(),
                    tensor.storage().elements()));
      }
    }
  }

  /** {@code torch._utils._rebuild_parameter(tensor, ...)}: the tensor. */
  record RebuiltParameter() implements TorchConstructors {
    @Override
    public TorchValue apply(List<TorchValue> arguments) {
      if (arguments.isEmpty() || !(arguments.getFirst() instanceof Tensor tensor)) {
        throw new TorchFileException("a parameter is made of no tensor");
      }
      return tensor;
    }
  }

  /**
   * The constructor of a name.
   *
   * @throws TorchFileException if it is none of these
   */
  static TorchConstructors named(String module, String name) {
    return switch (module + "." + name) {
      case "collections.OrderedDict" -> new OrderedDictionary();
      case "torch._utils._rebuild_tensor_v2" -> new RebuiltTensor();
      case "torch._utils._rebuild_parameter" -> new RebuiltParameter();
      case String other ->
          throw new TorchFileException(
              "it names the class '%s'; read are tensors, numbers, strings, lists and dictionaries only, and nothing is run. Save the state dictionaries alone: torch.save(model.state_dict(), ...)"
                  .formatted(other));
    };
  }
}
