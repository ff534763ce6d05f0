package io.sedd.launcher.reference;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** A JSON schema as a table: one row a field, fields of inner objects as {@code outer.inner}. */
final class SchemaTable {

  private final Function<String, JsonNode> files;
  private final StringBuilder rows = new StringBuilder();

  /** A table whose schemas are found by the names of their files. */
  SchemaTable(Function<String, JsonNode> files) {
    this.files = files;
  }

  /** A schema with the file that its references are to be looked up in. */
  private record Located(String file, JsonNode schema) {}

  String of(String file) {
    Located root = new Located(file, files.apply(file));
    rows.append(root.schema().path("description").textValue()).append("\n\n");
    rows.append("| field | value | default | meaning |\n|---|---|---|---|\n");
    fields("", root);
    return rows.append("\n").toString();
  }

  private void fields(String prefix, Located object) {
    Set<String> required = new HashSet<>();
    object.schema().path("required").forEach(name -> required.add(name.textValue()));
    boolean oneOfThem = object.schema().path("maxProperties").asInt() == 1;
    for (Map.Entry<String, JsonNode> field : object.schema().path("properties").properties()) {
      Located value = followed(object.file(), field.getValue());
      String path = prefix + field.getKey();
      String standard =
          required.contains(field.getKey())
              ? "required"
              : oneOfThem ? "one of them" : literal(value.schema().path("default"));
      rows.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  path, Cell.of(kind(value)), standard, Cell.of(meaning(field.getValue(), value))));
      inner(path, value);
    }
  }

  private void inner(String path, Located value) {
    if (value.schema().has("properties")) {
      fields(path + ".", value);
    } else if (value.schema().has("items")) {
      Located item = followed(value.file(), value.schema().path("items"));
      if (item.schema().has("properties")) {
        fields(path + "[].", item);
      }
    }
  }

  /** What stands beside a reference counts before what stands where it leads. */
  private static String meaning(JsonNode own, Located followed) {
    return own.has("description")
        ? own.path("description").textValue()
        : followed.schema().path("description").asText("");
  }

  private Located followed(String file, JsonNode schema) {
    String reference = schema.path("$ref").asText("");
    if (reference.isEmpty()) {
      return new Located(file, schema);
    }
    int hash = reference.indexOf('#');
    String target = hash == 0 ? file : hash < 0 ? reference : reference.substring(0, hash);
    JsonNode root = files.apply(target);
    return followed(target, hash < 0 ? root : root.at(reference.substring(hash + 1)));
  }

  private static String literal(JsonNode value) {
    return value.isMissingNode() ? "" : "`" + value.asText() + "`";
  }

  private String kind(Located value) {
    JsonNode schema = value.schema();
    if (schema.has("enum")) {
      List<String> choices = new ArrayList<>();
      schema.path("enum").forEach(choice -> choices.add("`" + choice.asText() + "`"));
      return String.join(", ", choices);
    }
    return switch (schema.path("type").asText()) {
      case "array" -> "array of " + plural(kind(followed(value.file(), schema.path("items"))));
      case "object" ->
          schema.path("additionalProperties").isObject()
              ? "object of texts, at most " + schema.path("maxProperties").asInt()
              : "object";
      case "string" -> text(schema);
      case "integer", "number" -> schema.path("type").asText() + range(schema);
      default -> throw new IllegalStateException("no such type is described yet: " + schema);
    };
  }

  private static String plural(String kind) {
    int end = kind.indexOf(' ');
    return end < 0 ? kind + "s" : kind.substring(0, end) + "s" + kind.substring(end);
  }

  private static String text(JsonNode schema) {
    if (schema.has("maxLength")) {
      return "text, %d to %d characters"
          .formatted(schema.path("minLength").asInt(), schema.path("maxLength").asInt());
    }
    return schema.path("format").asText().equals("date-time") ? "moment" : "text";
  }

  /** Bounds that are only those of the type are left out. */
  private static String range(JsonNode schema) {
    if (schema.has("exclusiveMinimum")) {
      return " above %s, at most %s"
          .formatted(schema.path("exclusiveMinimum").asText(), schema.path("maximum").asText());
    }
    long least = schema.path("minimum").asLong(Long.MIN_VALUE);
    long most = schema.path("maximum").asLong(Long.MAX_VALUE);
    if (least == Long.MIN_VALUE) {
      return " of 64 bits";
    }
    return most >= Integer.MAX_VALUE
        ? " from " + least
        : " from %s to %s"
            .formatted(schema.path("minimum").asText(), schema.path("maximum").asText());
  }
}
