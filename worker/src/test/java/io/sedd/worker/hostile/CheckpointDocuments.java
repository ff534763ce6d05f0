package io.sedd.worker.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.diffusion.text.TokenizerFormatException;
import io.sedd.diffusion.text.TokenizerJsonReader;
import io.sedd.diffusion.text.TokenizerJsonWriter;
import io.sedd.protocol.checkpoint.CheckpointConfigJson;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.CheckpointManifestJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The JSON files beside the weights. What is accepted is given back equal when it is written and
 * read again; what is not is refused with the file's own exception.
 *
 * @param name of the file's kind
 * @param good a good one
 */
record CheckpointDocuments<D>(
    String name, byte[] good, FileInput file, Decoder<D> decoder, Encoder<D> encoder)
    implements HostileInput {

  private static final String CONFIG =
      """
      {"tokens": 257, "tokenizer": "bytes", "graph": {"type": "absorb", "report_all": false},
       "noise": {"type": "loglinear", "sigma_min": 1e-4, "sigma_max": 20},
       "model": {"name": "small", "type": "ddit", "hidden_size": 16, "cond_dim": 8, "length": 64,
       "n_blocks": 1, "n_heads": 2, "scale_by_sigma": true, "dropout": 0.1},
       "training": {"batch_size": 512}}\
      """;

  private static final String MANIFEST =
      """
      {"step": 12000, "time": "2026-11-24T12:00:00Z",
       "files": {"model.safetensors": {"size": 8, "sha256": "%1$s"},
       "training/raw.safetensors": {"size": 0, "sha256": "%1$s"}},
       "evaluation": {"bound": 1.5},
       "canary": {"tolerance": 0.001, "rows": [{"tokens": [1, 2], "sigma": 0.5,
       "expected": [{"position": 1, "state": 3, "logScore": -2.5}]}]}}\
      """
          .formatted("0f".repeat(32));

  /** Reads one. */
  @FunctionalInterface
  interface Decoder<D> {
    D read(Path file) throws IOException;
  }

  /** Writes one to a new file. */
  @FunctionalInterface
  interface Encoder<D> {
    void write(D document, Path file) throws IOException;
  }

  static HostileInput configs() throws IOException {
    return new CheckpointDocuments<>(
        "config",
        CONFIG.getBytes(UTF_8),
        FileInput.named("config.json"),
        CheckpointConfigJson::read,
        CheckpointConfigJson::write);
  }

  static HostileInput manifests() throws IOException {
    return new CheckpointDocuments<>(
        "manifest",
        MANIFEST.getBytes(UTF_8),
        FileInput.named("manifest.json"),
        CheckpointManifestJson::read,
        CheckpointManifestJson::write);
  }

  static HostileInput tokenizers() throws IOException {
    return new CheckpointDocuments<>(
        "tokenizer",
        ByteLevelTokenizer.json(),
        FileInput.named("tokenizer.json"),
        TokenizerJsonReader::read,
        TokenizerJsonWriter::write);
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(good);
  }

  /** A tree of JSON nodes takes some 100 bytes a value, read twice where it is accepted. */
  @Override
  public long allocationBound(int inputBytes) {
    return (1 << 18) + 512L * inputBytes;
  }

  @Override
  public Verdict read(byte[] bytes) throws IOException {
    return file.read(bytes, this::read);
  }

  private Verdict read(Path path) throws IOException {
    D document;
    try {
      document = decoder.read(path);
    } catch (CheckpointException | TokenizerFormatException _) {
      return Verdict.REFUSED;
    }
    Path copy = file.fresh("copy");
    encoder.write(document, copy);
    D again = decoder.read(copy);
    if (!again.equals(document)) {
      throw new AssertionError("written was " + document + ", read " + again);
    }
    return Verdict.ACCEPTED;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
