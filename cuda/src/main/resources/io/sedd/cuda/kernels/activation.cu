// GELU (tanh) and SiLU, their derivatives, and the bias that stands before them.

#include "common.cuh"

#define THREADS 256
#define GELU 1
#define SILU 2

#define ROOT_2_OVER_PI 0.7978845608028654f
#define CUBIC 0.044715f

__device__ __forceinline__ float value(int activation, float u) {
  if (activation == GELU) {
    return 0.5f * u * (1.0f + tanhf(ROOT_2_OVER_PI * (u + CUBIC * u * u * u)));
  }
  if (activation == SILU) return u / (1.0f + expf(-u));
  return u;
}

__device__ __forceinline__ float derivative(int activation, float u) {
  if (activation == GELU) {
    float t = tanhf(ROOT_2_OVER_PI * (u + CUBIC * u * u * u));
    float inner = ROOT_2_OVER_PI * (1.0f + 3.0f * CUBIC * u * u);
    return 0.5f * (1.0f + t) + 0.5f * u * (1.0f - t * t) * inner;
  }
  if (activation == SILU) {
    float sigmoid = 1.0f / (1.0f + expf(-u));
    return sigmoid * (1.0f + u * (1.0f - sigmoid));
  }
  return 1.0f;
}

// u = product (+ bias); kept where a backward will want it; y = f(u). y may be the product itself.
// One of y and y_bf16 is null. One block a row: no division, and rows are long.
extern "C" __global__ __launch_bounds__(THREADS) void activation_forward(
    const float* product, const float* __restrict__ bias, float* kept, float* y,
    bf16* y_bf16, int columns, int activation) {
  long long row = (long long)blockIdx.x * columns;
  for (int i = threadIdx.x; i < columns; i += THREADS) {
    float u = product[row + i] + (bias ? bias[i] : 0.0f);
    if (kept) kept[row + i] = u;
    float result = value(activation, u);
    if (y) {
      y[row + i] = result;
    } else {
      y_bf16[row + i] = to_bf16(result);
    }
  }
}

// dy becomes dy f'(u).
extern "C" __global__ __launch_bounds__(THREADS) void activation_backward(
    const float* __restrict__ kept, float* __restrict__ dy, int columns, int activation) {
  long long row = (long long)blockIdx.x * columns;
  for (int i = threadIdx.x; i < columns; i += THREADS) {
    dy[row + i] *= derivative(activation, kept[row + i]);
  }
}
