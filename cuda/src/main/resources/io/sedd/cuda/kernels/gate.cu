// x += gate * branch, gate of the row's sequence.

#include "common.cuh"

#define THREADS 256
#define ROWS 8

// A block a row: the row's sequence is looked up once and there is no division.
extern "C" __global__ __launch_bounds__(THREADS) void gate_add(
    const float* __restrict__ branch, const float* __restrict__ modulation, int width,
    int gate_column, const int* __restrict__ sequence_of, float* __restrict__ x, int columns) {
  long long row = (long long)blockIdx.x * columns;
  const float* gate = modulation + (long long)sequence_of[blockIdx.x] * width + gate_column;
  for (int i = threadIdx.x; i < columns; i += THREADS) {
    x[row + i] = fmaf(gate[i], branch[row + i], x[row + i]);
  }
}

// dBranch = gate * dx; of each sequence dGate += sum_r dx branch. A block is a sequence and 32
// columns, 8 rows at a time: each number is read once and the order of the sums is fixed.
extern "C" __global__ __launch_bounds__(LANES * ROWS) void gate_add_backward(
    const float* __restrict__ dx, const float* __restrict__ branch,
    const float* __restrict__ modulation, int width, int gate_column,
    const int* __restrict__ starts, float* __restrict__ d_branch,
    float* __restrict__ d_modulation, int columns) {
  __shared__ float sums[ROWS][LANES];
  int sequence = blockIdx.x;
  int column = blockIdx.y * LANES + threadIdx.x;
  long long gate_at = (long long)sequence * width + gate_column + column;
  int end = starts[sequence + 1];
  float sum = 0.0f;
  if (column < columns) {
    float gate = modulation[gate_at];
    for (int r = starts[sequence] + threadIdx.y; r < end; r += ROWS) {
      long long at = (long long)r * columns + column;
      float g = dx[at];
      sum = fmaf(g, branch[at], sum);
      d_branch[at] = g * gate;
    }
  }
  sums[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y == 0 && column < columns) {
    for (int i = 1; i < ROWS; i++) sum += sums[i][threadIdx.x];
    d_modulation[gate_at] += sum;
  }
}
