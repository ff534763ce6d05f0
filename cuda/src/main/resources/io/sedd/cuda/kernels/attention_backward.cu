// Gradients of attention. With p the softmax, a_ij = dMix_i v_j and D_i = dMix_i mix_i:
// dv_j = sum_i p_ij dMix_i; e_ij = p_ij (a_ij - D_i) / sqrt(d); dq_i = sum_j e_ij k_j;
// dk_j = sum_i e_ij q_i. p is computed again from the kept log sums, once with the keys outside and
// once with the queries outside: seven products in the place of five, and no atomics, so the bits are
// the same each time.

#include "common.cuh"
#include "attention.cuh"

// Queries of a block in one kernel, keys in the other: 4 tiles take 18 KB at HEAD 64, 35 KB at 128.
#define INNER 32
#define TILES (INNER / 8)

// Of each head and row: log sum in powers of 2 and D. A warp a row and head; terms [2][heads][rows].
// One of mix and mix_bf16 is null.
extern "C" __global__ __launch_bounds__(THREADS) void attention_terms(
    const float* __restrict__ d_mix, const float* __restrict__ mix,
    const bf16* __restrict__ mix_bf16, const float* __restrict__ log_sums,
    float* __restrict__ terms, int rows, int heads, int head_size) {
  int row = blockIdx.x * WARPS + threadIdx.x / LANES;
  if (row >= rows) return;
  int head = blockIdx.y;
  long long at = (long long)row * heads * head_size + head * head_size;
  float sum = 0.0f;
  for (int i = threadIdx.x % LANES; i < head_size; i += LANES) {
    sum = fmaf(d_mix[at + i], mix ? mix[at + i] : from_bf16(mix_bf16[at + i]), sum);
  }
  sum = warp_sum(sum);
  if (threadIdx.x % LANES == 0) {
    terms[(long long)head * rows + row] = log_sums[(long long)row * heads + head] * LOG2_E;
    terms[((long long)heads + head) * rows + row] = sum;
  }
}

// INNER numbers of a row of terms to shared memory.
__device__ __forceinline__ void load_terms(float* to, const float* from, int first, int last) {
  if (threadIdx.x < INNER) to[threadIdx.x] = from[min(first + (int)threadIdx.x, last)];
}

// dk and dv of 64 keys, 16 a warp; everything is transposed: keys are rows and queries columns.
extern "C" __global__ __launch_bounds__(THREADS) void attention_backward_keys(
    const bf16* __restrict__ packed, const bf16* __restrict__ packed_d_mix,
    const float* __restrict__ terms, const int2* __restrict__ tiles,
    const int* __restrict__ starts, int rows, int heads, int head_size, float scale, int causal,
    float* __restrict__ dqkv) {
  extern __shared__ __align__(16) bf16 memory[];
  bf16* queries = memory;
  bf16* gradients = memory + 2 * INNER * STRIDE;
  __shared__ float log_sums[2][INNER];
  __shared__ float expected[2][INNER];

  int2 tile = tiles[blockIdx.x];
  int head = blockIdx.y;
  int start = starts[tile.x];
  int length = starts[tile.x + 1] - start;
  int last = length - 1;
  int key = tile.y + threadIdx.x / LANES * 16;
  int g = threadIdx.x % LANES / 4;
  int t = threadIdx.x % 4;
  int narrow = heads * HEAD;
  int wide = 3 * narrow;
  const bf16* q = packed + (long long)start * wide + head * HEAD;
  const bf16* d_mix = packed_d_mix + (long long)start * narrow + head * HEAD;
  const float* log_sum = terms + (long long)head * rows + start;
  const float* expect = log_sum + (long long)heads * rows;

  Left k[STEPS];
  Left v[STEPS];
  load_left(k, q + narrow, wide, key, last);
  load_left(v, q + 2 * narrow, wide, key, last);
  Sums dk[2 * STEPS] = {};
  Sums dv[2 * STEPS] = {};
  float scale2 = scale * LOG2_E;

  int begin = causal ? tile.y / INNER : 0;  // queries before a key do not see it
  int count = (length + INNER - 1) / INNER;
  auto load = [&](int b) {
    int at = b % 2 * INNER * STRIDE;
    load_tile<INNER>(queries + at, q, wide, b * INNER, last);
    load_tile<INNER>(gradients + at, d_mix, narrow, b * INNER, last);
    loads_end();
    load_terms(log_sums[b % 2], log_sum, b * INNER, last);
    load_terms(expected[b % 2], expect, b * INNER, last);
  };
  load(begin);
  for (int b = begin; b < count; b++) {
    bool more = b + 1 < count;
    if (more) load(b + 1);
    await_loads(more);
    __syncthreads();
    int present = b % 2 * INNER * STRIDE;
    Sums p[TILES] = {};
    Sums e[TILES] = {};
    multiply_rows<TILES>(p, k, queries + present);
    multiply_rows<TILES>(e, v, gradients + present);
#pragma unroll
    for (int n = 0; n < TILES; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        int column = 8 * n + 2 * t + i % 2;
        int query = b * INNER + column;
        bool sees = query < length && !(causal && query < key + g + i / 2 * 8);
        p[n][i] = sees ? exp2_fast(p[n][i] * scale2 - log_sums[b % 2][column]) : 0.0f;
        e[n][i] = p[n][i] * (e[n][i] - expected[b % 2][column]);
      }
    }
    multiply_columns<TILES>(dv, p, gradients + present);
    multiply_columns<TILES>(dk, e, queries + present);
    __syncthreads();
  }

  int width = heads * head_size;
  float* to = dqkv + (long long)start * 3 * width + width + head * head_size;
  store_rows(dk, to, 3 * width, key, length, head_size, scale, scale);
  store_rows(dv, to + width, 3 * width, key, length, head_size, 1.0f, 1.0f);
}

// dq of 64 queries, 16 a warp.
extern "C" __global__ __launch_bounds__(THREADS) void attention_backward_queries(
    const bf16* __restrict__ packed, const bf16* __restrict__ packed_d_mix,
    const float* __restrict__ terms, const int2* __restrict__ tiles,
    const int* __restrict__ starts, int rows, int heads, int head_size, float scale, int causal,
    float* __restrict__ dqkv) {
  extern __shared__ __align__(16) bf16 memory[];
  bf16* keys = memory;
  bf16* values = memory + 2 * INNER * STRIDE;

  int2 tile = tiles[blockIdx.x];
  int head = blockIdx.y;
  int start = starts[tile.x];
  int length = starts[tile.x + 1] - start;
  int last = length - 1;
  int query = tile.y + threadIdx.x / LANES * 16;
  int g = threadIdx.x % LANES / 4;
  int t = threadIdx.x % 4;
  int narrow = heads * HEAD;
  int wide = 3 * narrow;
  const bf16* whole = packed + (long long)start * wide + head * HEAD;
  const bf16* k = whole + narrow;
  const bf16* v = k + narrow;

  Left q[STEPS];
  Left gradient[STEPS];
  load_left(q, whole, wide, query, last);
  load_left(gradient, packed_d_mix + (long long)start * narrow + head * HEAD, narrow, query, last);
  Sums dq[2 * STEPS] = {};
  float log_sum[2];
  float expected[2];
  int end[2];
#pragma unroll
  for (int half = 0; half < 2; half++) {
    int row = min(query + g + 8 * half, last);
    long long at = (long long)head * rows + start + row;
    log_sum[half] = terms[at];
    expected[half] = terms[at + (long long)heads * rows];
    end[half] = causal ? row + 1 : length;
  }
  float scale2 = scale * LOG2_E;

  int seen = causal ? min(length, tile.y + ROWS) : length;
  int count = (seen + INNER - 1) / INNER;
  auto load = [&](int b) {
    int at = b % 2 * INNER * STRIDE;
    load_tile<INNER>(keys + at, k, wide, b * INNER, last);
    load_tile<INNER>(values + at, v, wide, b * INNER, last);
    loads_end();
  };
  load(0);
  for (int b = 0; b < count; b++) {
    bool more = b + 1 < count;
    if (more) load(b + 1);
    await_loads(more);
    __syncthreads();
    int present = b % 2 * INNER * STRIDE;
    Sums p[TILES] = {};
    Sums e[TILES] = {};
    multiply_rows<TILES>(p, q, keys + present);
    multiply_rows<TILES>(e, gradient, values + present);
#pragma unroll
    for (int n = 0; n < TILES; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        bool sees = b * INNER + 8 * n + 2 * t + i % 2 < end[i / 2];
        float weight = sees ? exp2_fast(p[n][i] * scale2 - log_sum[i / 2]) : 0.0f;
        e[n][i] = weight * (e[n][i] - expected[i / 2]);
      }
    }
    multiply_columns<TILES>(dq, e, keys + present);
    __syncthreads();
  }

  int width = heads * head_size;
  float* to = dqkv + (long long)start * 3 * width + head * head_size;
  store_rows(dq, to, 3 * width, query, length, head_size, scale, scale);
}
