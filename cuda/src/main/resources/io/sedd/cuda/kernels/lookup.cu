// Rows picked from a matrix by number.

#include "common.cuh"

#define THREADS 128

// y[i] = x[numbers[i]]; a block a row.
extern "C" __global__ __launch_bounds__(THREADS) void lookup_gather(
    const float* __restrict__ x, const int* __restrict__ numbers, float* __restrict__ y,
    int columns) {
  long long from = (long long)numbers[blockIdx.x] * columns;
  long long to = (long long)blockIdx.x * columns;
  for (int i = threadIdx.x; i < columns; i += THREADS) y[to + i] = x[from + i];
}

// dx[number] += dy[i] for all i of that number, in ascending order of i and with no atomics, so that
// the sum has the same bits each time. The host gives the i sorted by number: group g is number
// groups[g], its i are order[starts[g]] to order[starts[g + 1] - 1]. A block is a group and 128 of
// its columns: half of all rows may be the mask's, and one multiprocessor alone would be long at it.
extern "C" __global__ __launch_bounds__(THREADS) void lookup_gather_backward(
    const float* __restrict__ dy, const int* __restrict__ groups, const int* __restrict__ starts,
    const int* __restrict__ order, float* __restrict__ dx, int columns) {
  int column = blockIdx.y * THREADS + threadIdx.x;
  if (column >= columns) return;
  int end = starts[blockIdx.x + 1];
  double sum = 0.0;
#pragma unroll 8
  for (int i = starts[blockIdx.x]; i < end; i++) sum += dy[(long long)order[i] * columns + column];
  float* target = dx + (long long)groups[blockIdx.x] * columns + column;
  *target = (float)(*target + sum);
}
