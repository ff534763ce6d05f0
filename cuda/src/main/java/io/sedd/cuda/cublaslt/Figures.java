package io.sedd.cuda.cublaslt;

import io.sedd.cuda.driver.Element;
import io.sedd.cuda.driver.Product;

/** Figures of cublasLt.h, cublas_api.h and library_types.h. */
final class Figures {

  /** CUBLAS_COMPUTE_32F: sums in fp32, and of fp32 factors the product too. */
  static final int COMPUTE_32F = 68;

  static final int REAL_32F = 0;
  static final int REAL_16BF = 14;

  static final int OPERATION_NONE = 0;
  static final int OPERATION_TRANSPOSE = 1;

  /** CUBLASLT_MATMUL_DESC_. */
  static final int DESC_TRANSA = 3;

  static final int DESC_TRANSB = 4;
  static final int DESC_EPILOGUE = 7;
  static final int DESC_BIAS_POINTER = 8;
  static final int DESC_EPILOGUE_AUX_POINTER = 11;
  static final int DESC_EPILOGUE_AUX_LD = 12;

  /** CUBLASLT_MATMUL_PREF_. */
  static final int PREF_MAX_WORKSPACE_BYTES = 1;

  static final int PREF_REDUCTION_SCHEME_MASK = 3;
  static final int PREF_MIN_ALIGNMENT_A_BYTES = 5;
  static final int PREF_MIN_ALIGNMENT_B_BYTES = 6;
  static final int PREF_MIN_ALIGNMENT_C_BYTES = 7;
  static final int PREF_MIN_ALIGNMENT_D_BYTES = 8;

  /** CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE: parts of a split sum are kept and added in fp32. */
  static final int REDUCTION_COMPUTE_TYPE = 2;

  /** CUBLASLT_EPILOGUE_. */
  static final int EPILOGUE_DEFAULT = 1;

  static final int EPILOGUE_BIAS = 4;
  static final int EPILOGUE_GELU = 32;
  static final int EPILOGUE_AUX = 128;

  private Figures() {}

  static int type(Element element) {
    return switch (element) {
      case F32 -> REAL_32F;
      case BF16 -> REAL_16BF;
    };
  }

  static int operation(boolean transpose) {
    return transpose ? OPERATION_TRANSPOSE : OPERATION_NONE;
  }

  static int epilogue(Product product) {
    int bits =
        (product.epilogue().bias() ? EPILOGUE_BIAS : 0)
            | (product.epilogue().gelu() ? EPILOGUE_GELU : 0)
            | (product.preActivation() ? EPILOGUE_AUX : 0);
    return bits == 0 ? EPILOGUE_DEFAULT : bits;
  }
}
