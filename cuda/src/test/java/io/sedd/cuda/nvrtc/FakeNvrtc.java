package io.sedd.cuda.nvrtc;

import static io.sedd.cuda.library.FakeLibrary.at;
import static io.sedd.cuda.library.FakeLibrary.put;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sedd.cuda.library.FakeLibrary;
import java.lang.foreign.MemorySegment;

/** The functions of an NVRTC that makes of every source the options that it was given. */
public final class FakeNvrtc {

  private static final long PROGRAM = 0x9c;

  private FakeNvrtc() {}

  /** One of version 13.0 that knows some architectures. */
  public static FakeLibrary knowing(int... architectures) {
    FakeLibrary library = new FakeLibrary();
    String[] options = {""};
    library.on("nvrtcVersion", a -> put(a[0], 13) + put(a[1], 0));
    library.on("nvrtcGetNumSupportedArchs", a -> put(a[0], architectures.length));
    library.on(
        "nvrtcGetSupportedArchs",
        a -> {
          MemorySegment.copy(
              architectures,
              0,
              at(a[0], 4L * architectures.length),
              JAVA_INT,
              0,
              architectures.length);
          return 0;
        });
    library.on("nvrtcCreateProgram", a -> put(a[0], PROGRAM));
    library.on(
        "nvrtcCompileProgram",
        a -> {
          int count = (int) a[1];
          MemorySegment pointers = at(a[2], 8L * count);
          StringBuilder all = new StringBuilder();
          for (int i = 0; i < count; i++) {
            all.append(at(pointers.getAtIndex(ADDRESS, i), 256).getString(0)).append(' ');
          }
          options[0] = all.toString().strip();
          return (long) a[0] == PROGRAM ? 0 : 3;
        });
    for (String form : new String[] {"PTX", "CUBIN"}) {
      library.on(
          "nvrtcGet" + form + "Size", a -> put(a[1], form.length() + options[0].length() + 2L));
      library.on(
          "nvrtcGet" + form,
          a -> {
            String text = form + " " + options[0];
            at(a[1], text.length() + 1).setString(0, text);
            return 0;
          });
    }
    library.on("nvrtcDestroyProgram", a -> at(a[0], 8).get(JAVA_LONG, 0) == PROGRAM ? 0 : 4);
    return library;
  }
}
