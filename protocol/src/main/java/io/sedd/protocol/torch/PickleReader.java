package io.sedd.protocol.torch;

import io.sedd.protocol.torch.TorchValue.Dictionary;
import io.sedd.protocol.torch.TorchValue.ElementType;
import io.sedd.protocol.torch.TorchValue.Flag;
import io.sedd.protocol.torch.TorchValue.Nothing;
import io.sedd.protocol.torch.TorchValue.Real;
import io.sedd.protocol.torch.TorchValue.Sequence;
import io.sedd.protocol.torch.TorchValue.Storage;
import io.sedd.protocol.torch.TorchValue.Text;
import io.sedd.protocol.torch.TorchValue.Whole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The stack machine of Python's pickle format, protocols 2 to 5, for values that are data. Nothing
 * is looked up or run: a name of a class or function is taken only if it is one of {@link
 * TorchConstructors}, and what that makes is a record of ours.
 */
final class PickleReader {

  /** A pickle's marker of where a group of arguments begins. */
  private enum Marker {
    MARK
  }

  private static final Set<String> STORAGE_TYPES =
      Set.of(
          "FloatStorage",
          "DoubleStorage",
          "HalfStorage",
          "BFloat16Storage",
          "LongStorage",
          "IntStorage",
          "ShortStorage",
          "CharStorage",
          "ByteStorage",
          "BoolStorage");

  private final PickleBytes in;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();

  private PickleReader(byte[] pickle) {
    this.in = new PickleBytes(pickle);
  }

  /**
   * Reads one pickle.
   *
   * @throws TorchFileException with the byte at fault, if it breaks the format or names a class
   */
  static TorchValue read(byte[] pickle) {
    PickleReader reader = new PickleReader(pickle);
    int opcode;
    do {
      int at = reader.in.position();
      opcode = reader.in.unsignedByte();
      try {
        reader.execute(opcode);
      } catch (TorchFileException e) {
        throw new TorchFileException("pickle, byte %,d: %s".formatted(at, e.getMessage()), e);
      }
    } while (opcode != '.');
    if (reader.stack.size() != 1) {
      throw new TorchFileException(
          "pickle: it ends with " + reader.stack.size() + " values and not one: it is damaged");
    }
    return reader.value();
  }

  private void execute(int opcode) {
    switch (opcode) {
      case 0x80 -> protocol(in.unsignedByte());
      case 0x95 -> in.signedLong(); // a frame's length, of use to streams only
      case '.' -> {}
      case '(' -> push(Marker.MARK);
      case '0' -> pop();
      case '1' -> toMark();
      case '2' -> push(top());
      case 'N' -> push(new Nothing());
      case 0x88 -> push(new Flag(true));
      case 0x89 -> push(new Flag(false));
      case 'J' -> push(new Whole(in.signedInt()));
      case 'K' -> push(new Whole(in.unsignedByte()));
      case 'M' -> push(new Whole(in.unsignedShort()));
      case 0x8a -> push(new Whole(in.integer(in.unsignedByte())));
      case 'G' -> push(new Real(in.bigEndianDouble()));
      case 'X' -> push(new Text(in.text(in.unsignedInt())));
      case 0x8c -> push(new Text(in.text(in.unsignedByte())));
      case 0x8d -> push(new Text(in.text(in.signedLong())));
      case 'U' -> push(new Text(in.text(in.unsignedByte())));
      case 'T' -> push(new Text(in.text(in.unsignedInt())));
      case ']', ')' -> push(new Sequence(new ArrayList<>()));
      case '}' -> push(new Dictionary(new LinkedHashMap<>()));
      case 'l', 't' -> push(new Sequence(values(toMark())));
      case 0x85 -> push(new Sequence(last(1)));
      case 0x86 -> push(new Sequence(last(2)));
      case 0x87 -> push(new Sequence(last(3)));
      case 'a' -> append(last(1));
      case 'e' -> append(values(toMark()));
      case 's' -> put(last(2));
      case 'u' -> put(values(toMark()));
      case 'd' -> {
        List<TorchValue> items = values(toMark());
        push(new Dictionary(new LinkedHashMap<>()));
        put(items);
      }
      case 'q' -> memo.put((long) in.unsignedByte(), top());
      case 'r' -> memo.put(in.unsignedInt(), top());
      case 0x94 -> memo.put((long) memo.size(), top());
      case 'h' -> push(remembered(in.unsignedByte()));
      case 'j' -> push(remembered(in.unsignedInt()));
      case 'c' -> push(named(in.line(), in.line()));
      case 0x93 -> {
        String name = text(value());
        push(named(text(value()), name));
      }
      case 'R' -> call();
      case 'b' -> attributes();
      case 'Q' -> push(storage(value()));
      default ->
          throw new TorchFileException(
              "the operation 0x%02x makes something other than tensors, numbers, strings, lists and dictionaries"
                  .formatted(opcode));
    }
  }

  /** A type of storage is a value, since it stands among values; all else is a constructor. */
  private static Object named(String module, String name) {
    return module.equals("torch") && STORAGE_TYPES.contains(name)
        ? new ElementType(name.substring(0, name.length() - "Storage".length()))
        : TorchConstructors.named(module, name);
  }

  /** From the id {@code ('storage', type, key, device, number of elements)}. */
  private static Storage storage(TorchValue id) {
    if (id instanceof Sequence(var items)
        && items.size() == 5
        && items.get(0).equals(new Text("storage"))
        && items.get(1) instanceof ElementType(String type)
        && items.get(2) instanceof Text(String key)
        && items.get(4) instanceof Whole(long elements)
        && elements >= 0) {
      return new Storage(key, type, elements);
    }
    throw new TorchFileException("a storage has no type, name and size: it is damaged");
  }

  private static void protocol(int version) {
    if (version < 2 || version > 5) {
      throw new TorchFileException("pickle protocol " + version + ", read are 2 to 5");
    }
  }

  private void call() {
    TorchValue arguments = value();
    Object callee = pop();
    if (!(callee instanceof TorchConstructors constructor)
        || !(arguments instanceof Sequence(var list))) {
      throw new TorchFileException("something is called that is no function");
    }
    push(constructor.apply(list));
  }

  /** What a dictionary's object carries beside its entries (a module's versions) is left alone. */
  private void attributes() {
    TorchValue state = value();
    if (!(top() instanceof Dictionary) || !(state instanceof Dictionary)) {
      throw new TorchFileException("an object other than a dictionary has attributes");
    }
  }

  private void append(List<TorchValue> items) {
    if (!(top() instanceof Sequence(var list))) {
      throw new TorchFileException("something is appended to what is no list");
    }
    list.addAll(items);
  }

  private void put(List<TorchValue> items) {
    if (!(top() instanceof Dictionary(var entries)) || items.size() % 2 != 0) {
      throw new TorchFileException("entries are set in what is no dictionary");
    }
    for (int i = 0; i < items.size(); i += 2) {
      switch (items.get(i)) {
        case Text _, Whole _, Real _, Flag _ -> entries.put(items.get(i), items.get(i + 1));
        case TorchValue key ->
            throw new TorchFileException("a dictionary has " + key + " as a key");
      }
    }
  }

  // --- the stack

  private void push(Object item) {
    stack.add(item);
  }

  private Object top() {
    if (stack.isEmpty()) {
      throw new TorchFileException("the stack is empty: it is damaged");
    }
    return stack.getLast();
  }

  private Object pop() {
    top();
    return stack.removeLast();
  }

  private TorchValue value() {
    return value(pop());
  }

  private static TorchValue value(Object item) {
    if (!(item instanceof TorchValue value)) {
      throw new TorchFileException("a value is expected where " + item + " stands");
    }
    return value;
  }

  private static String text(TorchValue value) {
    if (!(value instanceof Text(String text))) {
      throw new TorchFileException("a name is expected where " + value + " stands");
    }
    return text;
  }

  private List<TorchValue> last(int count) {
    if (stack.size() < count) {
      throw new TorchFileException("the stack is too short: it is damaged");
    }
    List<Object> items = stack.subList(stack.size() - count, stack.size());
    List<TorchValue> values = values(items);
    items.clear();
    return values;
  }

  private List<Object> toMark() {
    int mark = stack.lastIndexOf(Marker.MARK);
    if (mark < 0) {
      throw new TorchFileException("a mark is missing: it is damaged");
    }
    List<Object> items = stack.subList(mark + 1, stack.size());
    List<Object> copy = new ArrayList<>(items);
    items.clear();
    stack.removeLast();
    return copy;
  }

  private static List<TorchValue> values(List<Object> items) {
    List<TorchValue> values = new ArrayList<>(items.size());
    items.forEach(item -> values.add(value(item)));
    return values;
  }

  private Object remembered(long number) {
    Object item = memo.get(number);
    if (item == null) {
      throw new TorchFileException("number " + number + " is recalled and was never kept");
    }
    return item;
  }
}
