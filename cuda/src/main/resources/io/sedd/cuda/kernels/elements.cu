// Number by number over whole tensors. A thread takes UNROLL numbers that lie a block apart: loads of
// a warp are 128 bytes in one piece, and UNROLL of them are on their way at once. Wider loads would
// ask for an alignment that views do not have.

#include "common.cuh"

#define THREADS 256
#define UNROLL 4

#define EACH_NUMBER(i, count)                                          \
  long long first_ = (long long)blockIdx.x * THREADS * UNROLL + threadIdx.x; \
  _Pragma("unroll") for (int u_ = 0; u_ < UNROLL; u_++)                \
    if (long long i = first_ + u_ * THREADS; i < (count))

extern "C" __global__ __launch_bounds__(THREADS) void elements_add(
    const float* __restrict__ source, float* __restrict__ target, long long count) {
  EACH_NUMBER(i, count) target[i] += source[i];
}

// bf16 copies, for products.
extern "C" __global__ __launch_bounds__(THREADS) void elements_narrow(
    const float* __restrict__ source, bf16* __restrict__ target, long long count) {
  EACH_NUMBER(i, count) target[i] = to_bf16(source[i]);
}

extern "C" __global__ __launch_bounds__(THREADS) void elements_widen(
    const bf16* __restrict__ source, float* __restrict__ target, long long count) {
  EACH_NUMBER(i, count) target[i] = from_bf16(source[i]);
}
