// x *= 0 or 1/(1 - rate), from the bits of io.sedd.diffusion.backend.Dropout: one counter gives eight
// 16-bit numbers. A thread takes the eight columns of a counter, one 32-byte sector.

#include "common.cuh"
#include "philox.cuh"

#define THREADS 128
#define DROPOUT_STREAM (1u << 30)

extern "C" __global__ __launch_bounds__(THREADS) void dropout_rows(
    float* __restrict__ x, const int* __restrict__ sequence_of,
    const int* __restrict__ position_of, long long seed, int step, int first, int site,
    int threshold, float kept, int columns) {
  int row = blockIdx.x;
  float* at = x + (long long)row * columns;
  unsigned sequence = first + sequence_of[row];
  unsigned position = position_of[row];
  for (int group = threadIdx.x; group * 8 < columns; group += THREADS) {
    Words words =
        philox(seed, position, step, sequence, DROPOUT_STREAM | (unsigned)site << 18 | group);
#pragma unroll
    for (int i = 0; i < 8; i++) {
      int bits = (words.w[i >> 1] >> (i & 1) * 16) & 0xffff;
      if (group * 8 + i < columns) at[group * 8 + i] *= bits < threshold ? 0.0f : kept;
    }
  }
}
