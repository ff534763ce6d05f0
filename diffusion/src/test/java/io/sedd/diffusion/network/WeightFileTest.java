package io.sedd.diffusion.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.Safetensors;
import io.sedd.protocol.checkpoint.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFileTest {

  private static final NetworkShape SHAPE = new NetworkShape(5, 8, 4, 16, 2, 2, true);

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    try (Backend backend = new ReferenceBackend();
        Safetensors file = write(backend);
        Parameters read = WeightFile.read(file, SHAPE, backend)) {
      assertEquals(3 * 8 * 8, read.tensor("blocks.1.attn_qkv.weight").size());
      assertEquals(2, backend.read(read.tensor("blocks.1.attn_qkv.weight"))[0]);
    }
  }

  /** Each of them would take gigabytes if it were made before the file is looked at. */
  @Test
  void aConfigThatAsksForMoreThanTheFileHasIsRefusedBeforeMemoryIsTaken() throws IOException {
    try (Backend backend = new ReferenceBackend();
        Safetensors file = write(backend)) {
      for (NetworkShape wrong :
          new NetworkShape[] {
            new NetworkShape(5, 8, 4, 16, Integer.MAX_VALUE, 2, true),
            new NetworkShape(5, 1 << 30, 4, 16, 2, 2, true),
            new NetworkShape(Integer.MAX_VALUE, 8, 4, 16, 2, 2, true),
            new NetworkShape(5, 8, Integer.MAX_VALUE, 16, 2, 2, true)
          }) {
        CheckpointException refused =
            assertThrows(
                CheckpointException.class, () -> WeightFile.read(file, wrong, backend).close());
        assertTrue(refused.getMessage().contains("weights"), refused::getMessage);
      }
    }
  }

  private Safetensors write(Backend backend) throws IOException {
    Path path = folder.resolve("weights.safetensors");
    try (Parameters parameters = Parameters.create(SHAPE, backend)) {
      backend.fill(parameters.flat(), 2);
      WeightFile.write(path, parameters, SHAPE, TensorType.F32, backend);
    }
    return Safetensors.open(path);
  }
}
