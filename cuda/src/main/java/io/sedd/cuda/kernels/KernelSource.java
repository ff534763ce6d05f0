package io.sedd.cuda.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A source of kernels with all that it includes, so that NVRTC needs no folder of headers.
 *
 * @param name of its file
 */
public record KernelSource(String name, String text) {

  private static final Pattern INCLUDE =
      Pattern.compile("^#include \"([^\"]+)\"\\R", Pattern.MULTILINE);

  /** The file of this name beside this class; what it includes stands in it, once each. */
  public static KernelSource read(String name) {
    return new KernelSource(name, expanded(name, new HashSet<>()));
  }

  /** The same for another size of an attention head; it begins with the macro HEAD. */
  public KernelSource forHead(int size) {
    return new KernelSource(
        name.replace(".cu", "_" + size + ".cu"), "#define HEAD " + size + "\n" + text);
  }

  private static String expanded(String name, Set<String> included) {
    Matcher includes = INCLUDE.matcher(text(name));
    StringBuilder whole = new StringBuilder();
    while (includes.find()) {
      String other = includes.group(1);
      String text = included.add(other) ? expanded(other, included) : "";
      includes.appendReplacement(whole, Matcher.quoteReplacement(text));
    }
    return includes.appendTail(whole).toString();
  }

  private static String text(String name) {
    try (InputStream in = KernelSource.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("this build has no kernels in " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the kernels in " + name + " cannot be read", e);
    }
  }
}
