package io.sedd.cuda.cublaslt;

import static io.sedd.cuda.library.FakeLibrary.put;

import io.sedd.cuda.library.FakeLibrary;
import java.lang.foreign.Arena;

/** The functions of a cuBLASLt that opens and closes, and computes nothing. */
public final class FakeCublasLt {

  private FakeCublasLt() {}

  public static FakeLibrary library() {
    return new FakeLibrary()
        .on("cublasLtCreate", a -> put(a[0], 0x11L))
        .on("cublasLtGetVersion", _ -> 130_101L)
        .on("cublasLtGetStatusName", _ -> Arena.global().allocateFrom("CUBLAS_STATUS_FAKE"));
  }
}
