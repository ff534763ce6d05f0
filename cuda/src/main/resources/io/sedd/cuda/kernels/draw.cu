// One exact categorical draw a row, by inverse distribution over block sums; see
// io.sedd.diffusion.backend.DrawRule and the reference's DrawKernel, whose order of states this keeps.
//
// A block of threads is a row, a warp a block of 1024 columns: 32 loads a lane are on their way at
// once, and block sums need no barrier. Exponentials are fp32, taken relative to the largest of their
// block; sums are double. The row is read once; the block that the number points at, once more.
// Rules with beta (the uniform graph) read it twice, since a weight is set to 0 where it is negative;
// top-p reads it five times. Every sum's order depends on the row alone.

#include "common.cuh"
#include "philox.cuh"

#define WARPS 8
#define THREADS (WARPS * LANES)
#define BLOCK 1024
#define EACH (BLOCK / LANES)
#define LOWEST_SHIFT -600.0
#define BINS 2048
// weights are at most 1 and at most 2^18 of them are summed in 62 bits
#define FIXED 0x1p44

// answers that are no states
#define NOT_FINITE -1  // and below: state -(answer + 1) has no finite log score
#define SUM_NOT_FINITE (-2147483647 - 1)
#define ALL_ZERO -2147483647

struct Rule {
  double alpha, beta, gamma, delta, log_offset, temperature, top_p;
  long long seed;
  int sample, step;
};

// From a logit to a weight that is at most 1: exp((x - max) / T), or the affine rule's.
struct Weigher {
  float max, inverse_temperature;
  bool affine, tempered;
  double a, b, inverse_largest;

  __device__ __forceinline__ double operator()(float x) const {
    if (!affine) return expf((x - max) * inverse_temperature);
    double w = fmax(0.0, a * expf(x - max) + b) * inverse_largest;
    if (!tempered) return w;
    return w > 0.0 ? exp2f(log2f((float)w) * inverse_temperature) : 0.0f;
  }
};

struct Row {
  const float* logits;
  int states, own;

  // The logit at a column; of the own state and behind the last, one whose score is 0.
  __device__ __forceinline__ float operator()(int column) const {
    return column < states && column != own ? logits[column] : -INFINITE;
  }
  __device__ __forceinline__ bool has(int column) const {
    return column < states && column != own;
  }
};

// Calls f(block, first column of the lane); its columns are a warp's width apart.
template <typename F>
__device__ __forceinline__ void each_block(const Row& row, F f) {
  for (int block = threadIdx.x / LANES; block * BLOCK < row.states; block += WARPS) {
    f(block, block * BLOCK + threadIdx.x % LANES);
  }
}

// The lane's columns of a block that have a weight, for the passes that not every row needs.
#define EACH_COLUMN(y, first) \
  _Pragma("unroll 4") for (int y = (first); y < (first) + BLOCK; y += LANES) if (row.has(y))

// The sum over the blocks, of one warp, all lanes alike.
__device__ __forceinline__ double total_of(const double* sums, int blocks) {
  double sum = 0.0;
  for (int b = threadIdx.x % LANES; b < blocks; b += LANES) sum += sums[b];
  return warp_sum(sum);
}

// Which bits of the weights the pass looks at, heaviest weights having the highest.
__device__ __forceinline__ unsigned digit(float weight, int shift, int bits) {
  return __float_as_uint(weight) >> shift & (1u << bits) - 1;
}

// Sets `sums` to those of the fewest heaviest weights that make topP of the whole. Of equal weights at
// the border the lower columns stay: those up to *last_tie. Sums are whole numbers of 2^-44, so that
// atomics give the same in any order.
__device__ void keep_top(const Row& row, const Weigher& weigh, double top_p, double* sums,
                         int blocks, float* threshold, int* last_tie) {
  __shared__ u64 bins[BINS];
  __shared__ u64 above;   // sum of what is heavier than all that still may be the border
  __shared__ u64 wanted;
  __shared__ unsigned found;  // leading bits of the border
  __shared__ int ties_kept;
  int lane = threadIdx.x % LANES;
  unsigned prefix = 0;
  int shift = 31;
#pragma unroll 1
  for (int pass = 0; pass < 3; pass++) {
    int bits = pass == 0 ? 11 : 10;
    shift -= bits;
    for (int i = threadIdx.x; i < BINS; i += THREADS) bins[i] = 0;
    __syncthreads();
    each_block(row, [&](int, int first) {
      EACH_COLUMN(y, first) {
        float w = (float)weigh(row.logits[y]);
        u64 parts = (u64)((double)w * FIXED);
        bool among = pass == 0 || __float_as_uint(w) >> (shift + bits) == prefix;
        if (among && parts > 0) atomicAdd(&bins[digit(w, shift, bits)], parts);
      }
    });
    __syncthreads();
    if (threadIdx.x < LANES) {
      // lane 0 has the highest bins
      int each = (1 << bits) / LANES;
      int top = (1 << bits) - 1 - lane * each;
      u64 own = 0;
      for (int i = 0; i < each; i++) own += bins[top - i];
      u64 through = own;
      for (int o = 1; o < LANES; o <<= 1) {
        u64 other = __shfl_up_sync(ALL_LANES, through, o);
        if (lane >= o) through += other;
      }
      if (pass == 0) {
        u64 whole = __shfl_sync(ALL_LANES, through, LANES - 1);
        u64 needed = (u64)ceil(top_p * (double)whole);
        if (lane == 0) {
          above = 0;
          wanted = needed < whole ? needed : whole;
        }
        __syncwarp();
      }
      u64 before = above + through - own;
      __syncwarp();
      if (before < wanted && before + own >= wanted) {
        int bin = top;
        while (before + bins[bin] < wanted) before += bins[bin--];
        above = before;
        found = prefix << bits | bin;
      }
    }
    __syncthreads();
    prefix = found;
  }
  float border = __uint_as_float(prefix);
  u64 one = (u64)((double)border * FIXED);
  if (threadIdx.x == 0) ties_kept = one == 0 ? 1 : (int)((wanted - above + one - 1) / one);
  // of each block: the sum of what is heavier, and how many are as heavy as the border
  int* ties = (int*)bins;
  __syncthreads();
  each_block(row, [&](int block, int first) {
    double sum = 0.0;
    int equal = 0;
    EACH_COLUMN(y, first) {
      float w = (float)weigh(row.logits[y]);
      if (w > border) sum += w;
      if (w == border) equal++;
    }
    sum = warp_sum(sum);
    equal = warp_sum(equal);
    if (lane == 0) {
      sums[block] = sum;
      ties[block] = equal;
    }
  });
  __syncthreads();
  if (threadIdx.x == 0) {
    int left = ties_kept;
    int last = row.states;
    for (int b = 0; b < blocks; b++) {
      int taken = min(left, ties[b]);
      sums[b] += taken * (double)border;
      if (left > 0 && left <= ties[b]) {
        int seen = 0;
        for (int y = b * BLOCK; seen < left; y++) {
          if (row.has(y) && (float)weigh(row(y)) == border) seen++;
          last = y;
        }
      }
      left -= taken;
    }
    *threshold = border;
    *last_tie = last;
  }
  __syncthreads();
}

// The state that `v` in [0, 1) points at, by warp 0. Where rounding lets it lie at the far end or
// beyond, the last state of positive weight.
__device__ int pick(const Row& row, const Weigher& weigh, const double* sums, int blocks, double v,
                    float threshold, int last_tie) {
  int lane = threadIdx.x % LANES;
  double target = v * total_of(sums, blocks);
  int block = -1;
  double before = 0.0;
  double run = 0.0;
  for (int b = 0; b < blocks && (block < 0 || run <= target); b++) {
    if (sums[b] > 0.0) {
      block = b;
      before = run;
      run += sums[b];
    }
  }
  if (block < 0) return row.own;
  // a lane has 32 columns side by side, so that lanes are in the order of the states
  int first = block * BLOCK + lane * EACH;
  auto kept = [&](int y) {
    double w = row.has(y) ? weigh(row(y)) : 0.0;
    if (threshold < 0.0f) return w;
    float f = (float)w;
    return f > threshold || (f == threshold && y <= last_tie) ? (double)f : 0.0;
  };
  double own = 0.0;
#pragma unroll 4
  for (int i = 0; i < EACH; i++) own += kept(first + i);
  double through = own;
  for (int o = 1; o < LANES; o <<= 1) {
    double other = __shfl_up_sync(ALL_LANES, through, o);
    if (lane >= o) through += other;
  }
  unsigned positive = __ballot_sync(ALL_LANES, own > 0.0);
  unsigned passing = __ballot_sync(ALL_LANES, own > 0.0 && before + through > target);
  int chosen = passing ? __ffs(passing) - 1 : 31 - __clz(positive);
  double sum = before + through - own;
  int found = row.own;
  if (positive && lane == chosen) {
#pragma unroll 1
    for (int i = 0; i < EACH; i++) {
      double w = kept(first + i);
      if (w > 0.0) {
        found = first + i;
        sum += w;
        if (sum > target) break;
      }
    }
  }
  return __shfl_sync(ALL_LANES, found, chosen & (LANES - 1));
}

// Dynamic shared memory: two doubles and a float for each block of columns.
extern "C" __global__ __launch_bounds__(THREADS) void draw_rows(
    const float* __restrict__ logits, const int* __restrict__ sequence_of,
    const int* __restrict__ position_of, const int* __restrict__ own_states,
    const Rule* __restrict__ rules, int states, int* __restrict__ drawn) {
  extern __shared__ double memory[];
  __shared__ int worst;  // the lowest state whose score is not finite
  __shared__ double v;   // what the number points at, in [0, 1); below 0 where all is decided
  __shared__ double z_part, scale_a, shifted;
  __shared__ float threshold;
  __shared__ int last_tie;

  int blocks = (states + BLOCK - 1) / BLOCK;
  double* plain = memory;
  double* tempered = memory + blocks;
  float* largest = (float*)(memory + 2 * blocks);
  int r = blockIdx.x;
  int lane = threadIdx.x % LANES;
  Rule rule = rules[sequence_of[r]];
  Row row{logits + (long long)r * states, states, own_states[r]};
  bool affine = rule.beta != 0.0;
  bool warm = rule.temperature != 1.0;
  float inverse_temperature = (float)(1.0 / rule.temperature);
  if (threadIdx.x == 0) worst = states;
  __syncthreads();

  each_block(row, [&](int block, int first) {
    float x[EACH];
#pragma unroll
    for (int i = 0; i < EACH; i++) x[i] = row(first + i * LANES);
    float max = -INFINITE;
    int bad = states;
#pragma unroll
    for (int i = 0; i < EACH; i++) {
      if (!(x[i] < INFINITE)) bad = min(bad, first + i * LANES);
      max = fmaxf(max, x[i]);
    }
    if (bad < states) atomicMin(&worst, bad);
    max = warp_max(max);
    double sum = 0.0;
    double warm_sum = 0.0;
    if (max > -INFINITE) {
#pragma unroll
      for (int i = 0; i < EACH; i += 4) {
        // four at most 1 in fp32, then double: a quarter of the slow additions
        sum += (expf(x[i] - max) + expf(x[i + 1] - max)) +
               (expf(x[i + 2] - max) + expf(x[i + 3] - max));
      }
      if (warm && !affine) {
#pragma unroll
        for (int i = 0; i < EACH; i += 4) {
          warm_sum += (expf((x[i] - max) * inverse_temperature) +
                       expf((x[i + 1] - max) * inverse_temperature)) +
                      (expf((x[i + 2] - max) * inverse_temperature) +
                       expf((x[i + 3] - max) * inverse_temperature));
        }
      }
    }
    sum = warp_sum(sum);
    warm_sum = warp_sum(warm_sum);
    if (lane == 0) {
      largest[block] = max;
      plain[block] = sum;
      tempered[block] = warm_sum;
    }
  });
  __syncthreads();
  if (worst < states) {
    if (threadIdx.x == 0) drawn[r] = NOT_FINITE - worst;
    return;
  }

  float max = -INFINITE;
  for (int b = lane; b < blocks; b += LANES) max = fmaxf(max, largest[b]);
  max = warp_max(max);
  if (max == -INFINITE) max = 0.0f;  // all scores are 0; so are the sums
  double log_max = (double)max + rule.log_offset;
  double shift = fmax(LOWEST_SHIFT, log_max);
  if (threadIdx.x < LANES) {
    for (int b = lane; b < blocks; b += LANES) {
      double below = (double)largest[b] - max;
      plain[b] *= exp(below);
      if (warm && !affine) tempered[b] *= exp(below * (1.0 / rule.temperature));
    }
    __syncwarp();
    double sum = total_of(plain, blocks);
    if (lane == 0) {
      double scale = exp(log_max - shift);
      z_part = sum * scale + exp(-shift);
      scale_a = rule.alpha * scale;
      shifted = exp(-shift);
    }
  }
  __syncthreads();

  Weigher weigh{max, inverse_temperature, affine, false, scale_a, rule.beta * z_part, 1.0};
  if (affine) {
    // weights that are negative count as 0, so their sum is not that of the scores
    each_block(row, [&](int block, int first) {
      double sum = 0.0;
      float heaviest = 0.0f;
      EACH_COLUMN(y, first) {
        double w = weigh(row.logits[y]);
        sum += w;
        heaviest = fmaxf(heaviest, (float)w);
      }
      sum = warp_sum(sum);
      heaviest = warp_max(heaviest);
      if (lane == 0) {
        tempered[block] = sum;
        largest[block] = heaviest;
      }
    });
    __syncthreads();
  }
  if (threadIdx.x < LANES) {
    double leave =
        affine ? total_of(tempered, blocks) : fmax(0.0, scale_a * total_of(plain, blocks));
    double stay = fmax(0.0, rule.gamma * shifted + rule.delta * z_part);
    double total = stay + leave;
    if (lane == 0) {
      double u = uniform53(rule.seed, rule.sample, rule.step, position_of[r], 0);
      double beyond = u * total - stay;
      v = -1.0;
      if (!(total < (double)INFINITE)) {
        drawn[r] = SUM_NOT_FINITE;
      } else if (total == 0.0) {
        drawn[r] = ALL_ZERO;
      } else if (beyond < 0.0 || leave == 0.0) {
        drawn[r] = row.own;
      } else {
        v = beyond / leave;
      }
    }
  }
  __syncthreads();
  if (v < 0.0) return;

  double* sums = affine || warm ? tempered : plain;
  if (affine && (warm || rule.top_p < 1.0)) {
    float heaviest = 0.0f;
    for (int b = lane; b < blocks; b += LANES) heaviest = fmaxf(heaviest, largest[b]);
    weigh.inverse_largest = 1.0 / (double)warp_max(heaviest);
    weigh.tempered = warm;
    if (rule.top_p == 1.0) {
      each_block(row, [&](int block, int first) {
        double sum = 0.0;
        EACH_COLUMN(y, first) sum += weigh(row.logits[y]);
        sum = warp_sum(sum);
        if (lane == 0) tempered[block] = sum;
      });
    }
  }
  if (threadIdx.x == 0) {
    threshold = -1.0f;  // nothing is left out
    last_tie = states;
  }
  __syncthreads();
  if (rule.top_p < 1.0) {
    keep_top(row, weigh, rule.top_p, sums, blocks, &threshold, &last_tie);
  }
  if (threadIdx.x < LANES) {
    int state = pick(row, weigh, sums, blocks, v, threshold, last_tie);
    if (lane == 0) drawn[r] = state;
  }
}
