// Tiles of bf16 rows and their products on tensor cores: mma.sync m16n8k16, fp32 sums.
//
// HEAD is the size of a head rounded up to 16; what is added is zeros. The host gives any but 64.
// Rows lie as [q k v][heads][HEAD] in bf16: a head's part of a row is some whole 32 bytes.
//
// Lane l of a warp holds, with g = l / 4 and t = l % 4: of a 16 x 8 result the columns 2t and 2t + 1
// of row g (numbers 0 and 1) and of row g + 8 (numbers 2 and 3).

#ifndef HEAD
#define HEAD 64
#endif
#define WARPS 4
#define THREADS (WARPS * LANES)
#define ROWS (16 * WARPS)
#define STEPS (HEAD / 16)
// 16 bytes behind each row: the eight rows that one phase of ldmatrix reads fall on different banks
#define STRIDE (HEAD + 8)
#define LOG2_E 1.4426950408889634f
#define LN_2 0.6931471805599453f

// A factor of 16 rows and 16 inner columns; a result of 16 rows and 8 columns.
typedef unsigned Left[4];
typedef float Sums[4];

__device__ __forceinline__ void multiply(Sums& c, const Left& a, unsigned b0, unsigned b1) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// 2^x; 0 for minus infinity.
__device__ __forceinline__ float exp2_fast(float x) {
  float y;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

// COUNT rows, `width` numbers apart, from `first` on to shared memory; behind `last` the last one again, so that what is read
// there is finite.
template <int COUNT>
__device__ __forceinline__ void load_tile(bf16* tile, const bf16* rows, int width, int first,
                                          int last) {
  constexpr int PIECES = HEAD / 8;  // of 16 bytes
#pragma unroll
  for (int i = threadIdx.x; i < COUNT * PIECES; i += THREADS) {
    int row = i / PIECES;
    int piece = i - row * PIECES;
    const bf16* from = rows + (long long)min(first + row, last) * width + piece * 8;
    unsigned to = (unsigned)__cvta_generic_to_shared(tile + row * STRIDE + piece * 8);
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(from) : "memory");
  }
}

__device__ __forceinline__ void loads_end() {
  asm volatile("cp.async.commit_group;" ::: "memory");
}

// Waits for all groups of loads but the newest, or for all.
__device__ __forceinline__ void await_loads(bool but_newest) {
  if (but_newest) {
    asm volatile("cp.async.wait_group 1;" ::: "memory");
  } else {
    asm volatile("cp.async.wait_group 0;" ::: "memory");
  }
}

// 16 rows as left factors, straight from global memory: they are read once.
__device__ __forceinline__ void load_left(Left (&a)[STEPS], const bf16* rows, int width, int first,
                                          int last) {
  int g = threadIdx.x % LANES / 4;
  int t = threadIdx.x % 4;
  const bf16* upper = rows + (long long)min(first + g, last) * width + 2 * t;
  const bf16* lower = rows + (long long)min(first + g + 8, last) * width + 2 * t;
#pragma unroll
  for (int k = 0; k < STEPS; k++) {
    a[k][0] = *(const unsigned*)(upper + 16 * k);
    a[k][1] = *(const unsigned*)(lower + 16 * k);
    a[k][2] = *(const unsigned*)(upper + 16 * k + 8);
    a[k][3] = *(const unsigned*)(lower + 16 * k + 8);
  }
}

// Two results that lie side by side as a left factor, rounded.
__device__ __forceinline__ void as_left(Left& a, const Sums& even, const Sums& odd) {
  a[0] = pack_bf16(even[0], even[1]);
  a[1] = pack_bf16(even[2], even[3]);
  a[2] = pack_bf16(odd[0], odd[1]);
  a[3] = pack_bf16(odd[2], odd[3]);
}

// c [16, 8 TILES] += a [16, HEAD] (8 TILES rows of the tile)ᵀ
template <int TILES>
__device__ __forceinline__ void multiply_rows(Sums (&c)[TILES], const Left (&a)[STEPS],
                                              const bf16* tile) {
  int lane = threadIdx.x % LANES;
  // of four 8 x 8 matrices: rows 0 to 7 left and right, rows 8 to 15 left and right
  const bf16* mine = tile + (lane / 16 * 8 + lane % 8) * STRIDE + lane / 8 % 2 * 8;
#pragma unroll
  for (int k = 0; k < STEPS; k++) {
#pragma unroll
    for (int n = 0; n < TILES; n += 2) {
      unsigned b[4];
      unsigned at = (unsigned)__cvta_generic_to_shared(mine + 8 * n * STRIDE + 16 * k);
      asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                   : "=r"(b[0]), "=r"(b[1]), "=r"(b[2]), "=r"(b[3])
                   : "r"(at)
                   : "memory");
      multiply(c[n], a[k], b[0], b[1]);
      multiply(c[n + 1], a[k], b[2], b[3]);
    }
  }
}

// c [16, HEAD] += a [16, 8 TILES] (8 TILES rows of the tile), a rounded
template <int TILES>
__device__ __forceinline__ void multiply_columns(Sums (&c)[2 * STEPS], const Sums (&a)[TILES],
                                                 const bf16* tile) {
  int lane = threadIdx.x % LANES;
  // of four 8 x 8 matrices: rows 0 to 7 and 8 to 15 on the left, then both on the right; read
  // transposed
  const bf16* mine = tile + lane % 16 * STRIDE + lane / 16 * 8;
#pragma unroll
  for (int k = 0; k < TILES; k += 2) {
    Left left;
    as_left(left, a[k], a[k + 1]);
#pragma unroll
    for (int n = 0; n < STEPS; n++) {
      unsigned b[4];
      unsigned at = (unsigned)__cvta_generic_to_shared(mine + 8 * k * STRIDE + 16 * n);
      asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                   : "=r"(b[0]), "=r"(b[1]), "=r"(b[2]), "=r"(b[3])
                   : "r"(at)
                   : "memory");
      multiply(c[2 * n], left, b[0], b[1]);
      multiply(c[2 * n + 1], left, b[2], b[3]);
    }
  }
}

__device__ __forceinline__ void store(float* to, float value) { *to = value; }

__device__ __forceinline__ void store(bf16* to, float value) { *to = to_bf16(value); }

// 16 rows of a head to rows of `width` numbers, those before `end` only; `to` is row 0's head.
template <typename T>
__device__ __forceinline__ void store_rows(const Sums (&c)[2 * STEPS], T* to, int width, int first,
                                           int end, int head_size, float upper_factor,
                                           float lower_factor) {
  int g = threadIdx.x % LANES / 4;
  int t = threadIdx.x % 4;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    int row = first + g + 8 * half;
    if (row >= end) continue;
    T* at = to + (long long)row * width;
    float factor = half ? lower_factor : upper_factor;
#pragma unroll
    for (int n = 0; n < 2 * STEPS; n++) {
      int column = 8 * n + 2 * t;
      if (column < head_size) store(at + column, c[n][2 * half] * factor);
      if (column + 1 < head_size) store(at + column + 1, c[n][2 * half + 1] * factor);
    }
  }
}
