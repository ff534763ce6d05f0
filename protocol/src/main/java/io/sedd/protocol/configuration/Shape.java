package io.sedd.protocol.configuration;

import java.util.Map;

/** What may stand at a key. */
sealed interface Shape {

  /**
   * A record.
   *
   * @param components by name, in the order of the record
   */
  record Section(Class<? extends Record> type, Map<String, Shape> components) implements Shape {}

  /**
   * One value.
   *
   * @param type the component's type, boxed
   */
  record Scalar(Class<?> type) implements Shape {}

  /** {@code Optional}: the key may be left out. */
  record Maybe(Shape value) implements Shape {}

  /** {@code List}. */
  record Items(Shape item) implements Shape {}

  /** {@code Map<String, String>}: free keys. */
  record Texts() implements Shape {}

  /** The shape behind {@code Optional}. */
  default Shape present() {
    return this instanceof Maybe(Shape value) ? value.present() : this;
  }
}
