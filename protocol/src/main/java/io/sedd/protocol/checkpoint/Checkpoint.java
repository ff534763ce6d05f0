package io.sedd.protocol.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A checkpoint in a local folder: {@code model.safetensors} and {@code config.json}, and, where
 * this project wrote it, a manifest. A folder in the layout of the official models is one too.
 *
 * @param name of the folder
 * @param folder where it is
 * @param config its {@code config.json}
 * @param manifest its {@code manifest.json}; absent in an official folder
 * @param sha256 hash of its weights: what the manifest says (true once {@link #verify} has passed),
 *     computed where there is no manifest
 */
public record Checkpoint(
    String name,
    Path folder,
    CheckpointConfig config,
    Optional<CheckpointManifest> manifest,
    String sha256) {

  public static final String MODEL_FILE = "model.safetensors";
  public static final String CONFIG_FILE = "config.json";
  public static final String MANIFEST_FILE = "manifest.json";

  /** The subfolder that only the trainer reads. */
  public static final String TRAINING_FOLDER = "training";

  /**
   * Reads config and manifest of a folder, and no weights, unless there is no manifest: then they
   * are hashed.
   *
   * @throws CheckpointException if the folder is no checkpoint, or its files contradict themselves
   */
  public static Checkpoint open(Path folder) throws IOException {
    for (String file : new String[] {CONFIG_FILE, MODEL_FILE}) {
      if (!Files.isRegularFile(folder.resolve(file))) {
        throw new CheckpointException(
            folder + ": has no " + file + "; a checkpoint has " + CONFIG_FILE + ", " + MODEL_FILE);
      }
    }
    Path manifestFile = folder.resolve(MANIFEST_FILE);
    Optional<CheckpointManifest> manifest =
        Files.exists(manifestFile)
            ? Optional.of(CheckpointManifestJson.read(manifestFile))
            : Optional.empty();
    CheckpointConfig config = CheckpointConfigJson.read(folder.resolve(CONFIG_FILE));
    Optional<String> tokenizerFile = config.tokenizerFile();
    if (tokenizerFile.isPresent() && !Files.isRegularFile(folder.resolve(tokenizerFile.get()))) {
      throw new CheckpointException(
          "%s: has no %s, which its config.json names as tokenizer; copy it there"
              .formatted(folder, tokenizerFile.get()));
    }
    String sha256;
    if (manifest.isPresent()) {
      Map<String, FileDigest> listed = manifest.get().files();
      requireListed(manifestFile, listed, CONFIG_FILE);
      requireListed(manifestFile, listed, MODEL_FILE);
      if (tokenizerFile.isPresent()) {
        requireListed(manifestFile, listed, tokenizerFile.get());
      }
      sha256 = listed.get(MODEL_FILE).sha256();
    } else {
      sha256 = FileDigest.of(folder.resolve(MODEL_FILE)).sha256();
    }
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return new Checkpoint(
        name == null ? folder.toString() : name.toString(), folder, config, manifest, sha256);
  }

  private static void requireListed(
      Path manifestFile, Map<String, FileDigest> listed, String file) {
    if (!listed.containsKey(file)) {
      throw new CheckpointException(
          manifestFile + ": lists no " + file + "; publish the checkpoint again");
    }
  }

  /** The weights, to be opened with {@link Safetensors#open}. */
  public Path weights() {
    return folder.resolve(MODEL_FILE);
  }

  /** The tokenizer's own file, where the config names one. */
  public Optional<Path> tokenizerFile() {
    return config.tokenizerFile().map(folder::resolve);
  }

  /** Optimizer moments, raw weights and random state; need not be there. */
  public Path training() {
    return folder.resolve(TRAINING_FOLDER);
  }

  /**
   * Compares size and hash of every file that serving needs with the manifest: all but {@code
   * training/}, which a deployed copy may lack. Without a manifest there is nothing to compare.
   *
   * @throws CheckpointException naming the first file that differs, with both values
   */
  public void verify() throws IOException {
    check(false);
  }

  /** {@link #verify}, for the files below {@code training/} as well. */
  public void verifyWithTraining() throws IOException {
    check(true);
  }

  private void check(boolean training) throws IOException {
    if (manifest.isEmpty()) {
      return;
    }
    for (Map.Entry<String, FileDigest> file : new TreeMap<>(manifest.get().files()).entrySet()) {
      if (training || !file.getKey().startsWith(TRAINING_FOLDER + "/")) {
        file.getValue().check(folder.resolve(file.getKey()));
      }
    }
  }
}
