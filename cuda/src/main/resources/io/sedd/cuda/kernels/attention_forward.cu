// softmax(q kᵀ / sqrt(d)) v inside each sequence, in the manner of FlashAttention (arXiv 2205.14135,
// 2307.08691): a block of threads is 64 queries of one head, 16 a warp, and goes over the keys of the
// sequence with a running maximum and sum, so no matrix of queries by keys is ever in memory. The
// next keys and values are on their way while the present ones are multiplied.

#include "common.cuh"
#include "attention.cuh"

// 4 tiles at once fit the 48 KB that need no opt-in: 37 KB at HEAD 64, 35 KB at 128
#define KEYS (HEAD <= 64 ? 64 : 32)

// bf16 copies of fp32 rows, each of `parts` heads, with zeros behind a head that is no multiple of 16.
// A block a row, two numbers a thread.
extern "C" __global__ __launch_bounds__(256) void attention_pack(
    const float* __restrict__ source, unsigned* __restrict__ packed, int parts, int head_size) {
  long long from = (long long)blockIdx.x * parts * head_size;
  long long to = (long long)blockIdx.x * parts * (HEAD / 2);
  for (int i = threadIdx.x; i < parts * (HEAD / 2); i += 256) {
    int head = i / (HEAD / 2);
    int column = 2 * (i - head * (HEAD / 2));
    const float* at = source + from + head * head_size + column;
    float low = column < head_size ? at[0] : 0.0f;
    float high = column + 1 < head_size ? at[1] : 0.0f;
    packed[to + i] = pack_bf16(low, high);
  }
}

// tiles: sequence and first query (counted within it) of each block. log_sums [rows, heads] may be
// null; one of mix and mix_bf16 is.
extern "C" __global__ __launch_bounds__(THREADS) void attention_forward(
    const bf16* __restrict__ packed, const int2* __restrict__ tiles,
    const int* __restrict__ starts, int heads, int head_size, float scale, int causal,
    float* __restrict__ log_sums, float* __restrict__ mix, bf16* __restrict__ mix_bf16) {
  extern __shared__ __align__(16) bf16 memory[];
  bf16* keys = memory;
  bf16* values = memory + 2 * KEYS * STRIDE;

  int2 tile = tiles[blockIdx.x];
  int head = blockIdx.y;
  int start = starts[tile.x];
  int length = starts[tile.x + 1] - start;
  int last = length - 1;
  int query = tile.y + threadIdx.x / LANES * 16;  // the warp's first
  int g = threadIdx.x % LANES / 4;
  int t = threadIdx.x % 4;
  int wide = 3 * heads * HEAD;
  const bf16* q = packed + (long long)start * wide + head * HEAD;
  const bf16* k = q + heads * HEAD;
  const bf16* v = k + heads * HEAD;

  Left queries[STEPS];
  load_left(queries, q, wide, query, last);
  Sums mixed[2 * STEPS] = {};
  float max[2] = {-INFINITE, -INFINITE};  // of rows g and g + 8, in powers of 2
  float sum[2] = {0.0f, 0.0f};
  float scale2 = scale * LOG2_E;

  int seen = causal ? min(length, tile.y + ROWS) : length;
  int count = (seen + KEYS - 1) / KEYS;
  load_tile<KEYS>(keys, k, wide, 0, last);
  load_tile<KEYS>(values, v, wide, 0, last);
  loads_end();
  for (int b = 0; b < count; b++) {
    bool more = b + 1 < count;
    if (more) {
      int other = (b + 1) % 2 * KEYS * STRIDE;
      load_tile<KEYS>(keys + other, k, wide, (b + 1) * KEYS, last);
      load_tile<KEYS>(values + other, v, wide, (b + 1) * KEYS, last);
      loads_end();
    }
    await_loads(more);
    __syncthreads();
    int present = b % 2 * KEYS * STRIDE;
    Sums s[KEYS / 8] = {};
    multiply_rows<KEYS / 8>(s, queries, keys + present);

    bool whole = (b + 1) * KEYS <= length && !(causal && (b + 1) * KEYS - 1 > query);
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int end = causal ? min(length, query + g + 8 * half + 1) : length;
      float largest = -INFINITE;
#pragma unroll
      for (int n = 0; n < KEYS / 8; n++) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
          float& x = s[n][2 * half + i];
          x *= scale2;
          if (!whole && b * KEYS + 8 * n + 2 * t + i >= end) x = -INFINITE;
          largest = fmaxf(largest, x);
        }
      }
      // the four lanes of a row
      largest = fmaxf(largest, __shfl_xor_sync(ALL_LANES, largest, 1));
      largest = fmaxf(largest, __shfl_xor_sync(ALL_LANES, largest, 2));
      // the first block holds a key for every query, so this is finite from there on
      float before = max[half];
      max[half] = fmaxf(before, largest);
      float shrink = exp2_fast(before - max[half]);
      float added = 0.0f;
#pragma unroll
      for (int n = 0; n < KEYS / 8; n++) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
          float& x = s[n][2 * half + i];
          x = exp2_fast(x - max[half]);
          added += x;
        }
      }
      sum[half] = sum[half] * shrink + added;
#pragma unroll
      for (int n = 0; n < 2 * STEPS; n++) {
        mixed[n][2 * half] *= shrink;
        mixed[n][2 * half + 1] *= shrink;
      }
    }
    multiply_columns<KEYS / 8>(mixed, s, values + present);
    __syncthreads();
  }

#pragma unroll
  for (int half = 0; half < 2; half++) {
    sum[half] += __shfl_xor_sync(ALL_LANES, sum[half], 1);
    sum[half] += __shfl_xor_sync(ALL_LANES, sum[half], 2);
    int row = query + g + 8 * half;
    if (log_sums && t == 0 && row < length) {
      log_sums[(long long)(start + row) * heads + head] = max[half] * LN_2 + logf(sum[half]);
    }
  }
  int width = heads * head_size;
  long long at = (long long)start * width + head * head_size;
  float upper = 1.0f / sum[0];
  float lower = 1.0f / sum[1];
  if (mix) {
    store_rows(mixed, mix + at, width, query, length, head_size, upper, lower);
  } else {
    store_rows(mixed, mix_bf16 + at, width, query, length, head_size, upper, lower);
  }
}
