package io.sedd.cuda.library;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A library whose functions are Java: each is called through a native function pointer, by the
 * calling convention of this platform, writes itself down, and does what the test says, or else
 * returns 0.
 */
@SuppressWarnings("restricted")
public final class FakeLibrary implements NativeFunctions {

  /** What a function does. Must not throw. */
  public interface Behaviour {
    Object call(Object[] arguments);
  }

  private final Map<String, Behaviour> behaviours = new HashMap<>();
  private final Map<String, FunctionDescriptor> types = new HashMap<>();
  private final Set<String> missing = new HashSet<>();
  private final List<String> calls = new ArrayList<>();
  private final Set<String> quiet = new HashSet<>();

  /** What a function does from now on. */
  public FakeLibrary on(String name, Behaviour behaviour) {
    behaviours.put(name, behaviour);
    return this;
  }

  /** A function that the library does not have. */
  public FakeLibrary without(String name) {
    missing.add(name);
    return this;
  }

  /** A function whose calls are not written down. */
  public FakeLibrary quiet(String name) {
    quiet.add(name);
    return this;
  }

  /** Names of the functions called up to now, in their order; forgotten by this. */
  public List<String> takeCalls() {
    List<String> taken = List.copyOf(calls);
    calls.clear();
    return taken;
  }

  /** The functions that were looked up, with their types. */
  public Map<String, FunctionDescriptor> types() {
    return types;
  }

  @Override
  public String origin() {
    return "libfake.so";
  }

  @Override
  public MethodHandle function(String name, FunctionDescriptor type) {
    if (missing.contains(name)) {
      throw new MissingLibraryException("libfake.so has no function " + name);
    }
    types.put(name, type);
    MethodHandle body;
    try {
      body =
          MethodHandles.lookup()
              .findVirtual(
                  FakeLibrary.class,
                  "call",
                  MethodType.methodType(Object.class, String.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    MethodType signature = type.toMethodType();
    MethodHandle target =
        MethodHandles.insertArguments(body, 0, this, name)
            .asCollector(Object[].class, signature.parameterCount())
            .asType(signature);
    return Linker.nativeLinker()
        .downcallHandle(Linker.nativeLinker().upcallStub(target, type, Arena.global()), type);
  }

  @SuppressWarnings("unused") // found by name
  private Object call(String name, Object[] arguments) {
    if (!quiet.contains(name)) {
      calls.add(name);
    }
    return behaviours.getOrDefault(name, _ -> 0).call(arguments);
  }

  /** Writes a number where an argument points to. */
  public static int put(Object pointer, long value) {
    ((MemorySegment) pointer).reinterpret(8).set(JAVA_LONG.withByteAlignment(1), 0, value);
    return 0;
  }

  /** Writes a number of 32 bits where an argument points to. */
  public static int put(Object pointer, int value) {
    ((MemorySegment) pointer).reinterpret(4).set(JAVA_INT, 0, value);
    return 0;
  }

  /** What an argument points to. */
  public static MemorySegment at(Object pointer, long bytes) {
    return ((MemorySegment) pointer).reinterpret(bytes);
  }
}
