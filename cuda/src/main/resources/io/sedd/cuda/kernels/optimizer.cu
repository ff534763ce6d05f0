// AdamW with the moving average of the parameters, and the norm of the gradient. All constants are
// worked out on the host in double.

#include "common.cuh"

#define THREADS 256

// 9 numbers are moved for each parameter: it is bound by memory.
//   keep = 1 - learning rate * weight decay; rate1 = learning rate / (1 - beta1^n);
//   inverse2 = 1 / (1 - beta2^n); rest1, rest2, average_rest = 1 - the decay
extern "C" __global__ __launch_bounds__(THREADS) void optimizer_adamw(
    const float* __restrict__ gradient, float* __restrict__ parameters, float* __restrict__ first,
    float* __restrict__ second, float* __restrict__ average, long long count, float gradient_scale,
    float l2, float beta1, float rest1, float beta2, float rest2, float keep, float rate1,
    float inverse2, float epsilon, float average_rest) {
  for (long long i = (long long)blockIdx.x * THREADS + threadIdx.x; i < count;
       i += (long long)gridDim.x * THREADS) {
    float p = parameters[i];
    float g = gradient[i] * gradient_scale + l2 * p;
    float m = beta1 * first[i] + rest1 * g;
    float v = beta2 * second[i] + rest2 * (g * g);
    p = p * keep - rate1 * m / (sqrtf(v * inverse2) + epsilon);
    first[i] = m;
    second[i] = v;
    parameters[i] = p;
    // in this form a small step of the average is not lost beside the average itself
    float a = average[i];
    average[i] = a + average_rest * (p - a);
  }
}

// The sum of squares of a block's share, in double, in an order that the count alone decides.
extern "C" __global__ __launch_bounds__(THREADS) void optimizer_squares(
    const float* __restrict__ x, double* __restrict__ partial, long long count) {
  __shared__ double sums[THREADS / LANES];
  double sum = 0.0;
  for (long long i = (long long)blockIdx.x * THREADS + threadIdx.x; i < count;
       i += (long long)gridDim.x * THREADS) {
    double value = x[i];
    sum = fma(value, value, sum);
  }
  sum = warp_sum(sum);
  if (threadIdx.x % LANES == 0) sums[threadIdx.x / LANES] = sum;
  __syncthreads();
  if (threadIdx.x == 0) {
    for (int w = 1; w < THREADS / LANES; w++) sum += sums[w];
    partial[blockIdx.x] = sum;
  }
}
