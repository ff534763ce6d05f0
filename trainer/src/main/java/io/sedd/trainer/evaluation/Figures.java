package io.sedd.trainer.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The figures of an evaluation, as a table for a person or for a page, and as JSON.
 *
 * @param title what was evaluated
 * @param rows by column; a value is a number, a text, or absent
 * @param notes sentences below the table
 */
public record Figures(String title, List<Map<String, Object>> rows, List<String> notes) {

  public Figures {
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
  }

  /** A row with columns in this order: name, value, name, value ... */
  public static Map<String, Object> row(Object... namesAndValues) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      row.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return row;
  }

  /** Columns, in the order of their first appearance. */
  public List<String> columns() {
    return rows.stream().flatMap(row -> row.keySet().stream()).distinct().toList();
  }

  /** Aligned columns for a terminal. */
  public String table() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(columns());
    rows.forEach(row -> lines.add(cells(row)));
    int[] widths = new int[columns().size()];
    lines.forEach(
        line -> {
          for (int c = 0; c < widths.length; c++) {
            widths[c] = Math.max(widths[c], line.get(c).length());
          }
        });
    StringBuilder text = new StringBuilder(title).append('\n');
    for (List<String> line : lines) {
      StringBuilder padded = new StringBuilder();
      for (int c = 0; c < widths.length; c++) {
        padded.append(" ".repeat(widths[c] - line.get(c).length())).append(line.get(c));
        padded.append("   ");
      }
      text.append(padded.toString().stripTrailing()).append('\n');
    }
    notes.forEach(note -> text.append(note).append('\n'));
    return text.toString();
  }

  /** A table in Markdown, with the title above and the notes below. */
  public String markdown() {
    StringBuilder text = new StringBuilder("**").append(title).append("**\n\n|");
    columns().forEach(column -> text.append(' ').append(column).append(" |"));
    text.append("\n|");
    columns().forEach(_ -> text.append("---|"));
    for (Map<String, Object> row : rows) {
      text.append("\n|");
      cells(row).forEach(cell -> text.append(' ').append(cell).append(" |"));
    }
    text.append("\n\n");
    notes.forEach(note -> text.append(note).append("  \n"));
    return text.toString();
  }

  /** One object; numbers in full. */
  public String json() {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode().put("title", title);
    ArrayNode array = json.putArray("rows");
    for (Map<String, Object> row : rows) {
      ObjectNode node = array.addObject();
      row.forEach((name, value) -> node.set(name, mapper.valueToTree(value)));
    }
    ArrayNode texts = json.putArray("notes");
    notes.forEach(texts::add);
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("figures are always JSON", e);
    }
  }

  private List<String> cells(Map<String, Object> row) {
    return columns().stream().map(column -> cell(row.get(column))).toList();
  }

  private static String cell(Object value) {
    return switch (value) {
      case null -> "";
      case Double number when Math.abs(number) >= 1000 ->
          String.format(Locale.ROOT, "%,.0f", number);
      case Double number when number == 0 || Math.abs(number) >= 0.01 ->
          String.format(Locale.ROOT, "%.3f", number);
      case Double number -> String.format(Locale.ROOT, "%.1e", number);
      case Integer number -> String.format(Locale.ROOT, "%,d", number);
      case Long number -> String.format(Locale.ROOT, "%,d", number);
      default -> value.toString();
    };
  }
}
