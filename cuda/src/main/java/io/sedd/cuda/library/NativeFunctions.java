package io.sedd.cuda.library;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** The functions of a library by name; a test puts functions of its own here. */
public interface NativeFunctions {

  /** What the library is called in messages: the file, where it is known. */
  String origin();

  /**
   * A function.
   *
   * @throws MissingLibraryException if the library has none of this name
   */
  MethodHandle function(String name, FunctionDescriptor type);
}
