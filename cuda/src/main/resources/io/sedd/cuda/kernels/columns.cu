// Sums down the columns of a matrix, in a fixed order: first of every chunk of rows, then of the
// chunks. A block is 32 columns (128 bytes a row, one transaction a warp) by 8 rows at a time.

#include "common.cuh"

#define ROWS 8

extern "C" __global__ __launch_bounds__(LANES * ROWS) void columns_partial(
    const float* __restrict__ x, float* __restrict__ partial, int rows, int columns, int chunk) {
  __shared__ float sums[ROWS][LANES];
  int column = blockIdx.x * LANES + threadIdx.x;
  int end = min(rows, (int)(blockIdx.y + 1) * chunk);
  float sum = 0.0f;
  if (column < columns) {
    for (int r = blockIdx.y * chunk + threadIdx.y; r < end; r += ROWS) {
      sum += x[(long long)r * columns + column];
    }
  }
  sums[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y == 0 && column < columns) {
    for (int i = 1; i < ROWS; i++) sum += sums[i][threadIdx.x];
    partial[(long long)blockIdx.y * columns + column] = sum;
  }
}

// target += the sum of the chunks.
extern "C" __global__ __launch_bounds__(256) void columns_total(
    const float* __restrict__ partial, float* __restrict__ target, int chunks, int columns) {
  int column = blockIdx.x * 256 + threadIdx.x;
  if (column >= columns) return;
  double sum = 0.0;
  for (int c = 0; c < chunks; c++) sum += partial[(long long)c * columns + column];
  target[column] = (float)(target[column] + sum);
}
