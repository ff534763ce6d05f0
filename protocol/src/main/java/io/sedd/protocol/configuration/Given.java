package io.sedd.protocol.configuration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Something that a source gives, before the type of its key is known. */
sealed interface Given {

  /** Where it was given, for messages: {@code worker.yaml line 12}. */
  String origin();

  /** A number, truth value or text, as it was written. */
  record Scalar(String text, String origin) implements Given {}

  /** YAML's null: a key with nothing behind it. */
  record Nothing(String origin) implements Given {}

  /** A list. */
  record Items(List<Given> items, String origin) implements Given {}

  /** Keys and what they are given, in their order. */
  record Entries(Map<String, Given> entries, String origin) implements Given {

    /**
     * Both together, the upper one winning; sections and maps are joined key by key. Nothing over a
     * section leaves it alone: all its keys may be commented out.
     */
    Entries overlaidBy(Entries upper) {
      Map<String, Given> joined = new LinkedHashMap<>(entries);
      upper.entries.forEach(
          (key, value) ->
              joined.merge(
                  key,
                  value,
                  (under, over) ->
                      switch (over) {
                        case Entries e when under instanceof Entries u -> u.overlaidBy(e);
                        case Nothing _ when under instanceof Entries -> under;
                        case Entries _, Nothing _, Scalar _, Items _ -> over;
                      }));
      return new Entries(joined, upper.origin);
    }
  }
}
