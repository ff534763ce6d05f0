package io.sedd.protocol.configuration;

import java.util.List;

/**
 * One key that a tree of records has, for whoever describes them.
 *
 * @param name dotted, as in {@code --set}
 * @param variable the environment variable that means it
 * @param expected what its text must be
 */
public record ConfigurationKey(String name, String variable, String expected) {

  /** All keys of a root record, in the order of its components. */
  public static List<ConfigurationKey> of(Class<? extends Record> root) {
    KeyCatalogue catalogue = new KeyCatalogue(Shapes.section(root));
    return catalogue.names().stream()
        .map(
            name ->
                new ConfigurationKey(
                    name,
                    catalogue.variable(name),
                    expected(catalogue.shape(name).orElseThrow().present())))
        .toList();
  }

  private static String expected(Shape shape) {
    return switch (shape) {
      case Shape.Scalar(Class<?> type) -> ScalarText.expected(type);
      case Shape.Texts _ -> "any entries";
      case Shape.Items(Shape item) -> "a list of " + expected(item.present());
      case Shape.Section _, Shape.Maybe _ ->
          throw new IllegalStateException("a section is no key: " + shape);
    };
  }
}
