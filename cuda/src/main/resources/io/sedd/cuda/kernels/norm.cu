// z = n w (1 + scale) + shift, n = (x - mean) / sqrt(variance + 1e-5), shift and scale of the row's
// sequence. A warp a row: its sums need no barrier, and the second and third reading of a row of up
// to some thousand numbers come from L1. One of z and z_bf16 is null.

#include "common.cuh"

#define WARPS 8
#define EPSILON 1e-5f

extern "C" __global__ __launch_bounds__(LANES * WARPS) void norm_modulate(
    const float* __restrict__ x, const float* __restrict__ weight,
    const float* __restrict__ modulation, int width, int shift_column, int scale_column,
    const int* __restrict__ sequence_of, float* __restrict__ statistics, float* __restrict__ z,
    bf16* __restrict__ z_bf16, int rows, int columns) {
  int row = blockIdx.x * WARPS + threadIdx.y;
  if (row >= rows) return;
  const float* from = x + (long long)row * columns;
  long long to = (long long)row * columns;
  int lane = threadIdx.x;
  float sum = 0.0f;
  for (int i = lane; i < columns; i += LANES) sum += from[i];
  float mean = warp_sum(sum) / columns;
  // What rounding left in the mean is taken out again: deviations keep their digits where they are
  // far below the mean.
  float rest = 0.0f;
  float squares = 0.0f;
  for (int i = lane; i < columns; i += LANES) {
    float centred = from[i] - mean;
    rest += centred;
    squares = fmaf(centred, centred, squares);
  }
  rest = warp_sum(rest) / columns;
  float variance = fmaxf(0.0f, warp_sum(squares) / columns - rest * rest);
  float inverse = 1.0f / sqrtf(variance + EPSILON);
  const float* of_sequence = modulation + (long long)sequence_of[row] * width;
  for (int i = lane; i < columns; i += LANES) {
    float n = (from[i] - mean - rest) * inverse;
    float w = weight[i] * (1.0f + of_sequence[scale_column + i]);
    float result = fmaf(n, w, of_sequence[shift_column + i]);
    if (z) {
      z[to + i] = result;
    } else {
      z_bf16[to + i] = to_bf16(result);
    }
  }
  if (statistics && lane == 0) {
    statistics[2 * (long long)row] = mean + rest;
    statistics[2 * (long long)row + 1] = inverse;
  }
}

// dn = dz w (1 + scale); dx += (dn - mean(dn) - n mean(dn n)) inverse. A warp a row.
extern "C" __global__ __launch_bounds__(LANES * WARPS) void norm_modulate_backward(
    const float* __restrict__ dz, const float* __restrict__ x, const float* __restrict__ weight,
    const float* __restrict__ modulation, int width, int scale_column,
    const int* __restrict__ sequence_of, const float* __restrict__ statistics,
    float* __restrict__ dx, int rows, int columns) {
  int row = blockIdx.x * WARPS + threadIdx.y;
  if (row >= rows) return;
  long long at = (long long)row * columns;
  const float* scale = modulation + (long long)sequence_of[row] * width + scale_column;
  float mean = statistics[2 * (long long)row];
  float inverse = statistics[2 * (long long)row + 1];
  float sum = 0.0f;
  float sum_n = 0.0f;
  for (int i = threadIdx.x; i < columns; i += LANES) {
    float n = (x[at + i] - mean) * inverse;
    float dn = dz[at + i] * weight[i] * (1.0f + scale[i]);
    sum += dn;
    sum_n = fmaf(dn, n, sum_n);
  }
  sum = warp_sum(sum) / columns;
  sum_n = warp_sum(sum_n) / columns;
  for (int i = threadIdx.x; i < columns; i += LANES) {
    float n = (x[at + i] - mean) * inverse;
    float dn = dz[at + i] * weight[i] * (1.0f + scale[i]);
    dx[at + i] += (dn - sum - n * sum_n) * inverse;
  }
}

// Of each sequence: dShift += sum_r dz, dScale += w sum_r dz n; sum_r dz n itself is kept for the
// weight. A block is a sequence and 32 columns, 8 rows at a time; the order of the sums is fixed.
extern "C" __global__ __launch_bounds__(LANES * WARPS) void norm_sequence_gradients(
    const float* __restrict__ dz, const float* __restrict__ x, const float* __restrict__ weight,
    const float* __restrict__ statistics, const int* __restrict__ starts,
    float* __restrict__ d_modulation, int width, int shift_column, int scale_column,
    float* __restrict__ products, int columns) {
  __shared__ float shifts[WARPS][LANES];
  __shared__ float scales[WARPS][LANES];
  int sequence = blockIdx.x;
  int column = blockIdx.y * LANES + threadIdx.x;
  int end = starts[sequence + 1];
  float shift = 0.0f;
  float scale = 0.0f;
  if (column < columns) {
    for (int r = starts[sequence] + threadIdx.y; r < end; r += WARPS) {
      float mean = statistics[2 * (long long)r];
      float inverse = statistics[2 * (long long)r + 1];
      float g = dz[(long long)r * columns + column];
      shift += g;
      scale = fmaf(g, (x[(long long)r * columns + column] - mean) * inverse, scale);
    }
  }
  shifts[threadIdx.y][threadIdx.x] = shift;
  scales[threadIdx.y][threadIdx.x] = scale;
  __syncthreads();
  if (threadIdx.y == 0 && column < columns) {
    for (int i = 1; i < WARPS; i++) {
      shift += shifts[i][threadIdx.x];
      scale += scales[i][threadIdx.x];
    }
    float* of_sequence = d_modulation + (long long)sequence * width;
    of_sequence[shift_column + column] += shift;
    of_sequence[scale_column + column] += scale * weight[column];
    products[(long long)sequence * columns + column] = scale;
  }
}

// dw += sum over sequences of (1 + scale) sum_r dz n.
extern "C" __global__ __launch_bounds__(256) void norm_weight_gradient(
    const float* __restrict__ products, const float* __restrict__ modulation, int width,
    int scale_column, float* __restrict__ d_weight, int sequences, int columns) {
  int column = blockIdx.x * 256 + threadIdx.x;
  if (column >= columns) return;
  double sum = 0.0;
  for (int s = 0; s < sequences; s++) {
    float scale = 1.0f + modulation[(long long)s * width + scale_column + column];
    sum += scale * products[(long long)s * columns + column];
  }
  d_weight[column] = (float)(d_weight[column] + sum);
}
