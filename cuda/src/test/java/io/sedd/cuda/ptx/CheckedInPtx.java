package io.sedd.cuda.ptx;

import io.sedd.cuda.driver.Architecture;
import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.driver.KernelCompiler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * PTX that NVRTC made of the kernels' sources, kept beside the tests under the hash of the source:
 * so the kernels can be executed where there is no NVRTC. A source that has changed since is an
 * error; {@code -Dsedd.ptx.write=src/test/resources/ptx} in a test with NVRTC writes the files
 * anew.
 */
public final class CheckedInPtx implements KernelCompiler {

  /** Folder to which PTX is written instead of being read; needs NVRTC. */
  public static final String WRITE = "sedd.ptx.write";

  private static final String HEAD = "// of the source with sha256 ";

  @Override
  public String ptx(String name, String source, Architecture architecture) {
    String file = file(name, architecture);
    String text;
    try (InputStream in = CheckedInPtx.class.getResourceAsStream("/ptx/" + file)) {
      if (in == null) {
        throw new CudaException("src/test/resources/ptx has no " + file + howTo());
      }
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!text.startsWith(HEAD + hash(source) + "\n")) {
      throw new CudaException(file + " is not of the present " + name + howTo());
    }
    return text;
  }

  /** Writes what a compiler makes of a source, for {@link #ptx} to read. */
  public static void write(
      Path folder, KernelCompiler compiler, String name, String source, Architecture architecture)
      throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve(file(name, architecture)),
        HEAD + hash(source) + "\n" + compiler.ptx(name, source, architecture).strip() + "\n");
  }

  private static String howTo() {
    return ": write it anew with KernelSourcesTest, -D"
        + WRITE
        + "=src/test/resources/ptx and an NVRTC";
  }

  private static String file(String name, Architecture architecture) {
    return name.replaceAll("\\.cu$", "") + "-" + architecture.real() + ".ptx";
  }

  private static String hash(String source) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(source.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
