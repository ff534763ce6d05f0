package io.sedd.cuda.library;

/** One call of a method handle. */
public interface NativeCall {

  /** The library's own result code. */
  int run() throws Throwable;

  /** The result code; what a handle throws is a fault of this program, never of the library. */
  static int result(NativeCall call) {
    try {
      return call.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of a native function failed", e);
    }
  }
}
