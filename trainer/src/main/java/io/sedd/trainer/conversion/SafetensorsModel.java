package io.sedd.trainer.conversion;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import io.sedd.protocol.checkpoint.Safetensors;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A network in a folder of the hub's layout, which this project's checkpoints have too. */
final class SafetensorsModel implements ForeignModel {

  private final CheckpointConfig config;
  private final Safetensors file;

  SafetensorsModel(Path folder) throws IOException {
    Checkpoint checkpoint = Checkpoint.open(folder);
    checkpoint.verify();
    this.config = checkpoint.config();
    this.file = Safetensors.open(checkpoint.weights());
  }

  @Override
  public CheckpointConfig config() {
    return config;
  }

  @Override
  public Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    file.names().forEach(name -> shapes.put(name, file.entry(name).shape()));
    return shapes;
  }

  @Override
  public void copyFloats(String name, MemorySegment target) {
    file.copyFloats(name, target);
  }

  @Override
  public String description() {
    return "a folder of the hub's layout";
  }

  @Override
  public void close() {
    file.close();
  }
}
