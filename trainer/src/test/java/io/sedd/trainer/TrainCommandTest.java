package io.sedd.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.LoadedCheckpoint;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.Parameters;
import io.sedd.diffusion.network.WeightFile;
import io.sedd.diffusion.sampling.DenoisingBatch;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.LaneRequest;
import io.sedd.diffusion.sampling.Predictor;
import io.sedd.diffusion.sampling.Template;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.DurableFiles;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.checkpoint.Safetensors;
import io.sedd.trainer.chart.Page;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TrainCommandTest {

  @TempDir Path folder;
  private final StringWriter printed = new StringWriter();

  @BeforeEach
  void writeTextAndConfiguration() throws IOException {
    Files.writeString(
        folder.resolve("text.txt"),
        "The cat sat on the mat.\n<|endoftext|>\nThe dog sat on the log.\n".repeat(20));
    Files.writeString(
        folder.resolve("train.yaml"),
        """
        corpus:
          train: [%1$s/text.txt]
          heldOut: [%1$s/text.txt]
        tokenizer: {kind: train, vocabulary: 270}
        model: {length: 8, hidden: 8, conditioning: 4, blocks: 1, heads: 2}
        batch: {sequences: 2}
        optimizer: {learningRate: {warmup: 2}}
        run: {steps: 4, evaluateEvery: 2, checkpointEvery: 2}
        evaluation: {sequences: 4}
        checkpoints: {folder: %1$s/checkpoints, weights: bf16}
        metrics: {every: 1}
        backend: {name: reference, threads: 1}
        """
            .formatted(folder));
  }

  private int train(String... settings) {
    List<String> arguments = new ArrayList<>(List.of("--config", folder + "/train.yaml"));
    for (String setting : settings) {
      if (!setting.startsWith("--")) {
        arguments.add("--set");
      }
      arguments.add(setting);
    }
    return execute(new TrainCommand(), arguments);
  }

  private int execute(Object command, List<String> arguments) {
    return new CommandLine(command)
        .setOut(new PrintWriter(printed))
        .setErr(new PrintWriter(printed))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, _, _) -> {
              printed.write(failure.getMessage());
              return 1;
            })
        .execute(arguments.toArray(String[]::new));
  }

  private List<String> checkpoints() throws IOException {
    return new FileSystemCheckpointStore(folder.resolve("checkpoints")).list();
  }

  private void assertRefused(int exitCode, String... words) {
    assertEquals(1, exitCode, printed.toString());
    for (String word : words) {
      assertTrue(printed.toString().contains(word), word + " is not in: " + printed);
    }
  }

  @Test
  void theSameCommandGoesOnAndEvaluateReadsWhatItPublished() throws IOException {
    assertEquals(0, train(), printed.toString());
    assertEquals(List.of("step-00000002", "step-00000004"), checkpoints());
    assertEquals(0, train("run.steps=6"), printed.toString());
    assertEquals(List.of("step-00000002", "step-00000004", "step-00000006"), checkpoints());
    assertTrue(printed.toString().contains("training resumes after step 4"), printed.toString());
    List<String> evaluation =
        List.of(
            "perplexity",
            "--checkpoint=" + folder + "/checkpoints",
            "--text=" + folder + "/text.txt",
            "--passes=2",
            "--backend=reference");
    assertEquals(0, execute(new EvaluateCommand(), evaluation), printed.toString());
    String[] expected = {"step-00000006", "nats a token", "bits/char", "reconstruction"};
    for (String words : expected) {
      assertTrue(printed.toString().contains(words), words + " is not in: " + printed);
    }
  }

  /** A step at a rate of next to nothing leaves the weights as they were given. */
  @Test
  void aNewRunBeginsWithTheWeightsAndTheVocabularyOfAnother() throws IOException {
    assertEquals(0, train(), printed.toString());
    String[] settings = {
      "model.initialWeights=" + folder + "/checkpoints",
      "checkpoints.folder=" + folder + "/tuned",
      "checkpoints.weights=f32",
      "optimizer.learningRate.peak=1e-12",
      "run.steps=1",
      "seed=2"
    };
    assertEquals(0, train(settings), printed.toString());
    assertArrayEquals(weights("checkpoints"), weights("tuned"), 1e-6f);
    Files.delete(folder.resolve("checkpoints/LATEST"));
    settings[4] = "run.steps=2";
    assertEquals(0, train(settings), "going on needs them no more: " + printed);
  }

  @Test
  void initialWeightsOfAnotherShapeOrVocabularyAreRefused() throws IOException {
    assertEquals(0, train(), printed.toString());
    String from = "model.initialWeights=" + folder + "/checkpoints";
    String into = "checkpoints.folder=" + folder + "/tuned";
    assertRefused(train(from, into, "model.heads=1"), "heads=2", "heads=1", "initial weights");
    assertRefused(train(from, into, "tokenizer.vocabulary=280"), "270 tokens", "280 tokens");
    assertRefused(
        train("model.initialWeights=" + folder, into), "neither a checkpoint nor a folder");
    assertTrue(Files.notExists(folder.resolve("tuned/LATEST")));
  }

  private float[] weights(String run) throws IOException {
    FileSystemCheckpointStore store = new FileSystemCheckpointStore(folder.resolve(run));
    Checkpoint checkpoint = store.open(store.latest().orElseThrow());
    try (Backend backend = Backends.open(Optional.of("reference"), new BackendOptions(1, 0));
        Safetensors file = Safetensors.open(checkpoint.weights());
        Parameters weights = WeightFile.read(file, NetworkShape.of(checkpoint.config()), backend)) {
      return backend.read(weights.flat());
    }
  }

  @Test
  void sampleTextsArePrintedAndCurvesWrittenOnTheWay() throws IOException {
    String events = "metrics.tensorboard=" + folder + "/curves";
    assertEquals(0, train("samples.every=2", "samples.texts=1", "samples.steps=4", events));
    assertTrue(printed.toString().contains("step 2: "), printed.toString());
    try (var files = Files.list(folder.resolve("curves"))) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void theCurvesAreDrawnAsPng() throws IOException {
    assertEquals(0, train("--plot=" + folder + "/run/curves.png"), printed.toString());
    BufferedImage image = ImageIO.read(folder.resolve("run/curves.png").toFile());
    assertEquals(Page.WIDTH, image.getWidth());
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    // text, both curves of the loss, norm and rate
    assertTrue(Arrays.stream(pixels).distinct().count() > 10);
  }

  @Test
  void dropoutRecomputationAndAdamAreSettings() throws IOException {
    assertEquals(0, train("model.dropout=0.1"), printed.toString());
    String dropped = weights();
    assertRefused(train("run.steps=6"), "another model", "dropout=0.1");
    DurableFiles.deleteTree(folder.resolve("checkpoints"));
    assertEquals(0, train("model.dropout=0.1", "model.recompute=true"), printed.toString());
    assertEquals(dropped, weights());
    DurableFiles.deleteTree(folder.resolve("checkpoints"));
    assertEquals(0, train("optimizer.weightDecay=0.1"), printed.toString());
    String beside = weights();
    assertNotEquals(dropped, beside);
    DurableFiles.deleteTree(folder.resolve("checkpoints"));
    assertEquals(
        0, train("optimizer.weightDecay=0.1", "optimizer.algorithm=adam"), printed.toString());
    assertNotEquals(beside, weights());
  }

  @Test
  void aCorpusOfJsonLinesIsReadByItsField() throws IOException {
    Path lines =
        Files.writeString(folder.resolve("text.jsonl"), "{\"story\": \"abcdefgh\"}\n".repeat(40));
    assertEquals(
        0,
        train("corpus.train=[" + lines + "]", "corpus.field=story", "tokenizer.vocabulary=260"),
        printed.toString());
  }

  private int pack(String tokenizer, String folder) {
    List<String> arguments =
        List.of("pack", this.folder + "/text.txt", "--to", this.folder + "/" + folder, tokenizer);
    return execute(new CorpusCommand(), arguments);
  }

  /** The checkpoint's weights, which say whether two runs were the same. */
  private String weights() throws IOException {
    var store = new FileSystemCheckpointStore(folder.resolve("checkpoints"));
    return store.open(store.latest().orElseThrow()).sha256();
  }

  @Test
  void aRunOnTextsGoesOnTheSameOnTheirTokenShards() throws IOException {
    assertEquals(0, pack("--train-vocabulary=270", "packed"), printed.toString());
    assertEquals(0, train(), printed.toString());
    String[] onShards = {
      "corpus.train=[]", "corpus.packed=" + folder + "/packed", "tokenizer.kind=auto", "run.steps=6"
    };
    assertEquals(0, train(onShards), printed.toString());
    String resumed = weights();
    DurableFiles.deleteTree(folder.resolve("checkpoints"));
    assertEquals(0, train("run.steps=6"), printed.toString());
    assertEquals(resumed, weights());
  }

  @Test
  void aPackedCorpusDecidesTheTokenizer() {
    assertEquals(0, pack("--tokenizer=bytes", "packed"), printed.toString());
    String packed = "corpus.packed=" + folder + "/packed";
    assertRefused(train("corpus.train=[]", packed), "tokenizer.kind to auto");
    assertRefused(
        train("corpus.train=[]", packed, "tokenizer.kind=gpt2"), "257 tokens of bytes", "gpt2");
    assertRefused(train(packed), "give one of them");
    assertEquals(0, train("corpus.train=[]", packed, "tokenizer.kind=bytes"), printed.toString());
  }

  @Test
  void aRunDoesNotGoOnWithAnotherVocabulary() throws IOException {
    assertEquals(0, train(), printed.toString());
    String before = weights();
    assertRefused(
        train("tokenizer.vocabulary=265", "run.steps=6"), "270 tokens", "265", "another folder");
    assertRefused(train("tokenizer.kind=bytes", "run.steps=6"), "bytes", "another vocabulary");
    assertEquals(before, weights());
  }

  @Test
  void inspectPrintsAndVerifiesAPackedCorpus() throws IOException {
    assertEquals(0, pack("--tokenizer=gpt2", "packed"), printed.toString());
    List<String> inspect =
        List.of("inspect", folder + "/packed", "--verify", "--row=0", "--length=6");
    assertEquals(0, execute(new CorpusCommand(), inspect), printed.toString());
    String[] expected = {
      "21 documents", "50,257 tokens", "sizes and hashes", "The cat sat on the mat"
    };
    for (String words : expected) {
      assertTrue(printed.toString().contains(words), words + " is not in: " + printed);
    }
    Files.write(folder.resolve("packed/tokens-00000.u16"), new byte[] {0, 0});
    assertRefused(execute(new CorpusCommand(), inspect), "has 2 bytes");
  }

  @Test
  void anUnknownKeyIsRefusedWithItsNearestNeighbour() {
    assertRefused(train("run.stepps=3"), "run.stepps", "run.steps");
  }

  @Test
  void aRuleThatSettingsBreakTogetherIsNamedWithItsKey() {
    assertRefused(
        train("optimizer.learningRate.decaySteps=1"), "optimizer.learningRate", "warm-up");
  }

  @Test
  void aMissingTextIsNamed() {
    assertRefused(train("corpus.train=[" + folder + "/nowhere.txt]"), "nowhere.txt");
  }

  @Test
  void aNewRunDoesNotBeginAmongTheCheckpointsOfAnother() throws IOException {
    assertEquals(0, train(), printed.toString());
    assertRefused(train("--resume=never"), "step-00000004", "another folder");
    assertEquals(List.of("step-00000002", "step-00000004"), checkpoints());
  }

  @Test
  void aRunThatMustResumeNeedsACheckpoint() {
    assertRefused(train("--resume=required"), "no checkpoint to resume from");
  }

  @Test
  void aRunDoesNotGoOnWithAnotherModel() {
    assertEquals(0, train(), printed.toString());
    assertRefused(train("model.hidden=16", "run.steps=6"), "another model", "hiddenSize=16");
  }

  @Test
  void aRunDoesNotGoOnFromCheckpointsWithoutTrainingState() {
    assertEquals(0, train("checkpoints.trainingState=false"), printed.toString());
    assertRefused(train("run.steps=6"), "without training state");
  }

  /** A worker loads checkpoints by the same call. */
  @Test
  void everyDiffusionObjectiveTrainsToACheckpointThatDenoises() throws IOException {
    List<CheckpointConfig.Objective> objectives =
        List.of(
            CheckpointConfig.Objective.IMPLICIT_SCORE_ENTROPY,
            CheckpointConfig.Objective.CONCRETE_SCORE_MATCHING,
            CheckpointConfig.Objective.MEAN_PREDICTION);
    for (CheckpointConfig.Objective objective : objectives) {
      for (String graph : List.of("absorb", "uniform")) {
        Path store = folder.resolve(objective.key() + graph);
        String name = objective.key().replace('_', '-');
        assertEquals(
            0,
            train("objective=" + name, "process.graph=" + graph, "checkpoints.folder=" + store),
            printed.toString());
        try (Backend backend = Backends.open(Optional.of("reference"), BackendOptions.defaults());
            LoadedCheckpoint loaded = LoadedCheckpoint.load(latest(store), backend);
            DenoisingBatch batch = new DenoisingBatch(backend, 8)) {
          assertEquals(objective, loaded.checkpoint().config().objective());
          Lane lane =
              new Lane(
                  new LaneRequest(Template.blank(8), Predictor.ANALYTIC, 4, 1), loaded.model());
          batch.offer(lane);
          while (!batch.isEmpty()) {
            batch.step();
          }
          assertTrue(lane.finished(), () -> "lane failed: " + lane.failure());
        }
      }
    }
  }

  @Test
  void anAutoregressiveModelTrainsAndIsRefusedWhereScoresAreNeeded() throws IOException {
    assertEquals(
        0,
        train("objective=autoregressive", "samples.every=2", "samples.texts=1"),
        printed.toString());
    try (Backend backend = Backends.open(Optional.of("reference"), BackendOptions.defaults())) {
      Checkpoint checkpoint = latest(folder.resolve("checkpoints"));
      Throwable refused =
          assertThrows(CheckpointException.class, () -> LoadedCheckpoint.load(checkpoint, backend));
      assertTrue(refused.getMessage().contains("no scores to denoise"), refused.getMessage());
    }
    assertRefused(
        train("objective=score-entropy", "run.steps=6"), "another model", "SCORE_ENTROPY");
  }

  private static Checkpoint latest(Path store) throws IOException {
    FileSystemCheckpointStore files = new FileSystemCheckpointStore(store);
    return files.open(files.latest().orElseThrow());
  }
}
