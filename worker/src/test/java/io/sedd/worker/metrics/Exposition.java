package io.sedd.worker.metrics;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A strict reader of Prometheus' text format 0.0.4, as described by Prometheus' own "Exposition
 * formats": every line is a HELP, a TYPE or a sample, every sample belongs to the family that was
 * announced last, no series stands twice, histograms are cumulative and end with +Inf.
 */
public final class Exposition {

  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") (.*)");
  private static final Pattern TYPE =
      Pattern.compile("# TYPE (" + NAME + ") (counter|gauge|histogram|summary|untyped)");
  private static final Pattern SAMPLE =
      Pattern.compile("(" + NAME + ")(?:\\{(.*)\\})? (\\S+)(?: -?[0-9]+)?");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\",?");

  private final Map<String, String> types = new HashMap<>();
  private final Map<String, Double> samples = new LinkedHashMap<>();
  private final Set<String> helped = new HashSet<>();
  private String family = "";

  /** The last bucket of each histogram series, to see that they only rise. */
  private final Map<String, Double> buckets = new HashMap<>();

  /**
   * Reads a page.
   *
   * @throws IllegalArgumentException with the line that breaks the format
   */
  public Exposition(String page) {
    if (!page.endsWith("\n")) {
      throw new IllegalArgumentException("the last line does not end");
    }
    for (String line : page.split("\n")) {
      try {
        read(line);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(e.getMessage() + ": " + line, e);
      }
    }
    require(buckets.isEmpty(), "histograms without +Inf: " + buckets.keySet());
  }

  /** The kind of each family, by name. */
  public Map<String, String> types() {
    return types;
  }

  /** The value of each series: {@code name{label="value",...}} with labels as they came. */
  public Map<String, Double> samples() {
    return samples;
  }

  private void read(String line) {
    Matcher help = HELP.matcher(line);
    Matcher type = TYPE.matcher(line);
    Matcher sample = SAMPLE.matcher(line);
    if (help.matches()) {
      require(helped.add(help.group(1)), "a second HELP");
      require(!types.containsKey(help.group(1)), "HELP after TYPE");
    } else if (type.matches()) {
      require(types.put(type.group(1), type.group(2)) == null, "a second TYPE");
      family = type.group(1);
    } else if (sample.matches()) {
      sample(sample.group(1), sample.group(2) == null ? "" : sample.group(2), sample.group(3));
    } else {
      throw new IllegalArgumentException("neither comment nor sample");
    }
  }

  private void sample(String name, String labelText, String valueText) {
    require(helped.contains(family), "no HELP for " + family);
    require(belongs(name), "not of the family " + family);
    Map<String, String> labels = labels(labelText);
    double value = number(valueText);
    require(samples.put(name + labels, value) == null, "a second sample of this series");
    String type = types.get(family);
    if (type.equals("counter")) {
      require(value >= 0, "a negative counter");
    }
    if (type.equals("histogram") && name.endsWith("_bucket")) {
      bucket(labels, value);
    }
  }

  private boolean belongs(String name) {
    return switch (types.getOrDefault(family, "")) {
      case "histogram" ->
          Set.of(family + "_bucket", family + "_sum", family + "_count").contains(name);
      case "summary" -> Set.of(family, family + "_sum", family + "_count").contains(name);
      default -> name.equals(family);
    };
  }

  private void bucket(Map<String, String> labels, double value) {
    String bound = labels.remove("le");
    require(bound != null, "a bucket without le");
    String series = family + labels;
    require(value >= buckets.getOrDefault(series, 0.0), "buckets that fall");
    if (bound.equals("+Inf")) {
      buckets.remove(series);
    } else {
      number(bound);
      buckets.put(series, value);
    }
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    Matcher label = LABEL.matcher(text);
    int end = 0;
    while (label.lookingAt()) {
      require(labels.put(label.group(1), label.group(2)) == null, "a label given twice");
      end = label.end();
      label.region(end, text.length());
    }
    require(end == text.length(), "labels that cannot be read");
    return labels;
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      case "NaN" -> Double.NaN;
      default -> Double.parseDouble(text);
    };
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
