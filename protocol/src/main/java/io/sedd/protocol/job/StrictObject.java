package io.sedd.protocol.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sedd.protocol.job.JobError.Code;
import io.sedd.protocol.spelling.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One JSON object on its way to a record. Every getter checks its field and notes what is wrong; it
 * then returns a value that only serves to go on reading: nobody may use it while there are faults.
 */
final class StrictObject {

  private final ObjectNode node;
  private final String path;
  private final Faults faults;

  /**
   * Opens an object and notes its unknown fields.
   *
   * @param path JSON path of the object
   * @param known every field that it may have
   */
  StrictObject(ObjectNode node, String path, List<String> known, Faults faults) {
    this.node = node;
    this.path = path;
    this.faults = faults;
    for (var names = node.fieldNames(); names.hasNext() && !faults.full(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        faults.note(
            Code.UNKNOWN_FIELD,
            pathOf(name),
            "unknown field "
                + Printable.quoted(name)
                + NearestName.of(name, known)
                    .map(n -> "; the nearest known one is " + n)
                    .orElse(""));
      }
    }
  }

  String path() {
    return path;
  }

  String pathOf(String name) {
    return Printable.child(path, name);
  }

  boolean has(String name) {
    return node.has(name);
  }

  /** The field, where it is there. */
  Optional<JsonNode> optional(String name) {
    return Optional.ofNullable(node.get(name));
  }

  /** The field, which must be there. */
  Optional<JsonNode> required(String name) {
    JsonNode value = node.get(name);
    if (value == null) {
      faults.note(Code.MISSING_FIELD, pathOf(name), "the field " + name + " is required");
    }
    return Optional.ofNullable(value);
  }

  /** A required text of 1 to {@code most} characters (code points). */
  String name(String name, int most) {
    return required(name).map(v -> new Scalars(faults).text(v, pathOf(name), 1, most)).orElse("");
  }

  /** A required text of any length. */
  String text(String name) {
    return required(name)
        .map(v -> new Scalars(faults).text(v, pathOf(name), 0, Integer.MAX_VALUE))
        .orElse("");
  }

  /** A required integer from {@code least} to {@code most}. */
  long integer(String name, long least, long most) {
    return required(name)
        .map(v -> new Scalars(faults).integer(v, pathOf(name), least, most))
        .orElse(least);
  }

  /** A required integer from {@code least} to the largest {@code int}. */
  int count(String name, int least) {
    return (int) integer(name, least, Integer.MAX_VALUE);
  }

  /** An integer from {@code least} to {@code most} that may be left out. */
  int integerOr(String name, int least, int most, int whenAbsent) {
    return optional(name)
        .map(v -> (int) new Scalars(faults).integer(v, pathOf(name), least, most))
        .orElse(whenAbsent);
  }

  /** A required object. */
  Optional<StrictObject> object(String name, List<String> known) {
    return required(name).flatMap(v -> asObject(v, pathOf(name), known));
  }

  /** An object that may be left out. */
  Optional<StrictObject> optionalObject(String name, List<String> known) {
    return optional(name).flatMap(v -> asObject(v, pathOf(name), known));
  }

  /** The value as an object, else a fault. */
  Optional<StrictObject> asObject(JsonNode value, String at, List<String> known) {
    if (value instanceof ObjectNode object) {
      return Optional.of(new StrictObject(object, at, known, faults));
    }
    faults.note(Code.WRONG_TYPE, at, "an object is expected, but it is " + JsonForm.of(value));
    return Optional.empty();
  }

  /** A required array, each item read by {@code reader} from its value and path. */
  <T> List<T> array(String name, ItemReader<T> reader) {
    Optional<JsonNode> value = required(name);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!(value.get() instanceof ArrayNode array)) {
      faults.note(
          Code.WRONG_TYPE,
          pathOf(name),
          "an array is expected, but it is " + JsonForm.of(value.get()));
      return List.of();
    }
    List<T> items = new ArrayList<>(array.size());
    for (int i = 0; i < array.size() && !faults.full(); i++) {
      reader.read(array.get(i), Printable.item(pathOf(name), i)).ifPresent(items::add);
    }
    return items;
  }

  /** A required array of token ids, each at least 0. */
  List<Integer> tokens(String name) {
    Scalars scalars = new Scalars(faults);
    return array(name, (v, at) -> Optional.of((int) scalars.integer(v, at, 0, Integer.MAX_VALUE)));
  }

  /** A required field whose text is one of a closed set. */
  <E extends Enum<E>> Optional<E> choice(String name, E[] choices, Function<E, String> wireName) {
    return required(name)
        .flatMap(v -> new Scalars(faults).choice(v, pathOf(name), choices, wireName));
  }

  /** Reads one item of an array; nothing where it noted a fault. */
  @FunctionalInterface
  interface ItemReader<T> {
    Optional<T> read(JsonNode value, String path);
  }
}
