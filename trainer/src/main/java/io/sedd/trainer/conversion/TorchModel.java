package io.sedd.trainer.conversion;

import io.sedd.protocol.checkpoint.CheckpointConfig;
import io.sedd.protocol.checkpoint.CheckpointConfigJson;
import io.sedd.protocol.torch.TorchFile;
import io.sedd.protocol.torch.TorchValue.Dictionary;
import io.sedd.protocol.torch.TorchValue.Tensor;
import io.sedd.protocol.torch.TorchValue.Whole;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A network in a file of PyTorch's. */
final class TorchModel implements ForeignModel {

  /** The run folder of the official training code. */
  static final Path RUN_CONFIG = Path.of(".hydra", "config.yaml");

  static final Path RUN_WEIGHTS = Path.of("checkpoints-meta", "checkpoint.pth");

  /** The hub's layout before safetensors. */
  static final String BIN = "pytorch_model.bin";

  private final CheckpointConfig config;
  private final TorchFile file;
  private final Map<String, Tensor> tensors;
  private final String description;

  private TorchModel(
      CheckpointConfig config, TorchFile file, Map<String, Tensor> tensors, String description) {
    this.config = config;
    this.file = file;
    this.tensors = tensors;
    this.description = description;
  }

  /** The moving average of an official run: what the official code samples from. */
  static TorchModel ofRun(Path folder) throws IOException {
    CheckpointConfig config = CheckpointConfigJson.readYaml(folder.resolve(RUN_CONFIG));
    TorchFile file = TorchFile.open(folder.resolve(RUN_WEIGHTS));
    try {
      Dictionary saved = StateDictionary.dictionary(file, "what was saved", file.root());
      Map<String, Tensor> model = StateDictionary.of(file, "'model'", saved.get("model"));
      Dictionary average = StateDictionary.dictionary(file, "'ema'", saved.get("ema"));
      Map<String, Tensor> shadow =
          StateDictionary.average(file, model, average.get("shadow_params"));
      String step = saved.get("step") instanceof Whole(long number) ? " after step " + number : "";
      return new TorchModel(config, file, shadow, "the moving average of an official run" + step);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** {@code pytorch_model.bin} beside a {@code config.json}. */
  static TorchModel ofBin(Path folder) throws IOException {
    CheckpointConfig config = CheckpointConfigJson.read(folder.resolve("config.json"));
    TorchFile file = TorchFile.open(folder.resolve(BIN));
    try {
      return new TorchModel(
          config, file, StateDictionary.of(file, "what was saved", file.root()), "a model file");
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public CheckpointConfig config() {
    return config;
  }

  @Override
  public Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) ->
            shapes.put(name, tensor.shape().stream().mapToLong(Long::longValue).toArray()));
    return shapes;
  }

  @Override
  public void copyFloats(String name, MemorySegment target) throws IOException {
    file.copyFloats(tensors.get(name), target);
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
