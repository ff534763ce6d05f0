package io.sedd.trainer.training;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.checkpoint.Retention;
import io.sedd.protocol.checkpoint.TensorType;
import io.sedd.trainer.corpus.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A process that does nothing but publish, from where the folder stands, until it is killed. Prints
 * how many leftovers of earlier ones it found, then each name that stands.
 */
final class PublishingLoop {

  private PublishingLoop() {}

  public static void main(String[] arguments) throws IOException {
    var store = new FileSystemCheckpointStore(Path.of(arguments[0]));
    try (TinyRun run = new TinyRun(new BatchSize(1, 1), 1e-3)) {
      System.out.println("leftovers " + store.removeLeftovers().size());
      Optional<Checkpoint> before = Resume.AUTO.from(store);
      if (before.isPresent()) {
        TrainingStateFile.read(before.get().training(), run.state, run.identity, run.backend);
      }
      CheckpointPublisher publisher =
          new CheckpointPublisher(
              store,
              TinyRun.CONFIG,
              Vocabulary.bytes(),
              new CheckpointPublisher.Contents(
                  TensorType.F32, true, new Retention(2), Optional.empty()),
              run.identity,
              run.backend,
              InstantSource.system());
      while (true) {
        run.state.resumeAt(run.state.step() + 1);
        System.out.println(publisher.publish(run.state, Optional.empty()));
      }
    }
  }
}
