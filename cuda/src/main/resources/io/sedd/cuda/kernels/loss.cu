// Losses of rows of scores and their gradients, and log scores from the mean. A block a row; the
// gradient may lie in the place of the logits, so whoever needs another thread's logit has read it
// before the first is written. Exponentials and gradients fp32, sums in double and in a fixed order.

#include "common.cuh"

#define WARPS 8
#define THREADS (WARPS * LANES)
#define EACH_STATE(y, states) for (int y = threadIdx.x; y < (states); y += THREADS)

// The sum over the block, the same in every thread.
__device__ double block_sum(double value) {
  __shared__ double sums[WARPS];
  value = warp_sum(value);
  __syncthreads();
  if (threadIdx.x % LANES == 0) sums[threadIdx.x / LANES] = value;
  __syncthreads();
  double sum = 0.0;
  for (int w = 0; w < WARPS; w++) sum += sums[w];
  return sum;
}

__device__ float block_max(float value) {
  __shared__ float maxima[WARPS];
  value = warp_max(value);
  __syncthreads();
  if (threadIdx.x % LANES == 0) maxima[threadIdx.x / LANES] = value;
  __syncthreads();
  for (int w = 0; w < WARPS; w++) value = fmaxf(value, maxima[w]);
  return value;
}

struct Entropy {
  double a, r, log_offset, weight;  // a = 1/E, r = E/(E+V), E = expm1(sigma)
};

// Absorbing: at the mask a = 1/E at x0 and 0 at the other tokens; elsewhere nothing.
extern "C" __global__ __launch_bounds__(THREADS) void loss_entropy_absorbing(
    const float* logits, const int* __restrict__ sequence_of, const int* __restrict__ x,
    const int* __restrict__ x0, const Entropy* __restrict__ terms, int states,
    double* __restrict__ loss, float* gradient) {
  int row = blockIdx.x;
  const float* from = logits + (long long)row * states;
  float* to = gradient ? gradient + (long long)row * states : nullptr;
  if (x[row] != states - 1) {
    if (to) EACH_STATE(y, states) to[y] = 0.0f;
    if (threadIdx.x == 0) loss[row] = 0.0;
    return;
  }
  Entropy term = terms[sequence_of[row]];
  int target = x0[row];
  float weight = (float)term.weight;
  double log_target = (double)from[target] + term.log_offset;
  __syncthreads();
  double sum = 0.0;
  EACH_STATE(y, states) {
    float score = y < states - 1 ? expf((float)(from[y] + term.log_offset)) : 0.0f;
    sum += score;
    if (to) to[y] = y == target ? (float)(term.weight * (score - term.a)) : weight * score;
  }
  sum = block_sum(sum);
  if (threadIdx.x == 0) {
    loss[row] = sum - term.a * log_target + term.a * (log(term.a) - 1.0);
  }
}

// Uniform: Q = 1/V; if x = x0, a = r everywhere; else 1/r at x0 and 1 at the others.
extern "C" __global__ __launch_bounds__(THREADS) void loss_entropy_uniform(
    const float* logits, const int* __restrict__ sequence_of, const int* __restrict__ x,
    const int* __restrict__ x0, const Entropy* __restrict__ terms, int states,
    double* __restrict__ loss, float* gradient) {
  int row = blockIdx.x;
  const float* from = logits + (long long)row * states;
  float* to = gradient ? gradient + (long long)row * states : nullptr;
  Entropy term = terms[sequence_of[row]];
  int own = x[row];
  int target = x0[row];
  double others = own == target ? term.r : 1.0;
  double factor = term.weight / states;
  double sum = 0.0;
  EACH_STATE(y, states) {
    double slope = 0.0;
    if (y != own) {
      double log_score = from[y] + term.log_offset;
      double score = expf((float)log_score);
      double a = y == target ? 1.0 / term.r : others;
      sum += score - a * log_score;
      slope = factor * (score - a);
    }
    if (to) to[y] = (float)slope;
  }
  sum = block_sum(sum);
  if (threadIdx.x == 0) {
    double constant = own == target ? (states - 1) * term.r * (log(term.r) - 1.0)
                                    : (-log(term.r) - 1.0) / term.r - (states - 2);
    loss[row] = (sum + constant) / states;
  }
}

struct Term {
  double log_offset, square, linear, log, target_linear, target_log, constant, weight;
};

// slope = square s^2 + linear s - log - [y = target] (targetLinear s + targetLog)
extern "C" __global__ __launch_bounds__(THREADS) void loss_scores(
    const float* logits, const int* __restrict__ own_states, const int* __restrict__ targets,
    const Term* __restrict__ terms, int states, double* __restrict__ loss, float* gradient) {
  int row = blockIdx.x;
  const float* from = logits + (long long)row * states;
  float* to = gradient ? gradient + (long long)row * states : nullptr;
  Term term = terms[row];
  int own = own_states[row];
  int target = targets[row];
  double sum = 0.0;
  EACH_STATE(y, states) {
    double slope = 0.0;
    if (y != own) {
      double log_score = from[y] + term.log_offset;
      double s = expf((float)log_score);
      sum += term.square / 2 * s * s + term.linear * s - term.log * log_score;
      slope = term.square * s * s + term.linear * s - term.log;
      if (y == target) {
        sum -= term.target_linear * s + term.target_log * log_score;
        slope -= term.target_linear * s + term.target_log;
      }
    }
    if (to) to[y] = (float)(term.weight * slope);
  }
  sum = block_sum(sum);
  if (threadIdx.x == 0) loss[row] = term.constant + sum;
}

// ln sum exp of the first columns, the same in every thread.
__device__ double log_sum(const float* from, int choices) {
  float max = -INFINITE;
  EACH_STATE(y, choices) max = fmaxf(max, from[y]);
  max = block_max(max);
  double sum = 0.0;
  EACH_STATE(y, choices) sum += expf(from[y] - max);
  return max + log(block_sum(sum));
}

extern "C" __global__ __launch_bounds__(THREADS) void loss_cross_entropy(
    const float* logits, const int* __restrict__ targets, const double* __restrict__ weights,
    int choices, int states, double* __restrict__ loss, float* gradient) {
  int row = blockIdx.x;
  const float* from = logits + (long long)row * states;
  int target = targets[row];
  double sum = log_sum(from, choices);
  if (threadIdx.x == 0) loss[row] = sum - from[target];
  if (!gradient) return;
  __syncthreads();
  float* to = gradient + (long long)row * states;
  float weight = (float)weights[row];
  EACH_STATE(y, states) {
    float p = y < choices ? expf((float)(from[y] - sum)) : 0.0f;
    to[y] = weight * (y == target ? p - 1.0f : p);
  }
}

// Log scores from logits of the clean token, in place. Absorbing: p / E at the mask's rows.
extern "C" __global__ __launch_bounds__(THREADS) void loss_mean_absorbing(
    float* logits, const int* __restrict__ sequence_of, const int* __restrict__ own,
    const double* __restrict__ e, int states) {
  int row = blockIdx.x;
  int tokens = states - 1;
  if (own[row] != tokens) return;
  float* at = logits + (long long)row * states;
  float shift = (float)(log_sum(at, tokens) + log(e[sequence_of[row]]));
  __syncthreads();
  EACH_STATE(y, tokens) at[y] -= shift;
}

// Uniform: leave + stay r + p (1/r - 1), all terms positive.
extern "C" __global__ __launch_bounds__(THREADS) void loss_mean_uniform(
    float* logits, const int* __restrict__ sequence_of, const int* __restrict__ own_states,
    const double* __restrict__ e, int states) {
  int row = blockIdx.x;
  int own = own_states[row];
  float* at = logits + (long long)row * states;
  double of_sequence = e[sequence_of[row]];
  double r = of_sequence / (of_sequence + states);
  double sum = log_sum(at, states);
  double leave = 0.0;
  EACH_STATE(y, states) leave += y == own ? 0.0f : expf((float)(at[y] - sum));
  leave = block_sum(leave);
  double base = leave + expf((float)(at[own] - sum)) * r;
  double factor = 1.0 / r - 1.0;
  __syncthreads();
  EACH_STATE(y, states) {
    if (y != own) at[y] = logf((float)(base + expf((float)(at[y] - sum)) * factor));
  }
}
