// (a, b) becomes (a cos - b sin, b cos + a sin) on the halves of each head of q and k, in place.
// The angles' cosines and sines come from the host, which takes them in double: an angle of 1024
// radians in fp32 has an error of 6e-5, and double-precision sines on the device are slow.

#include "common.cuh"

#define THREADS 256

__device__ __forceinline__ float load(const float* from) { return *from; }
__device__ __forceinline__ float load(const bf16* from) { return from_bf16(*from); }
__device__ __forceinline__ void store(float* to, float value) { *to = value; }
__device__ __forceinline__ void store(bf16* to, float value) { *to = to_bf16(value); }

template <typename T>
__device__ __forceinline__ void rotate(T* qkv, const int* position_of, const float2* table,
                                       int heads, int half, float sign) {
  T* row = qkv + (long long)blockIdx.x * 6 * heads * half;
  const float2* angles = table + (long long)position_of[blockIdx.x] * half;
  // the heads of q, then those of k, lie side by side
  for (int pair = threadIdx.x; pair < 2 * heads * half; pair += THREADS) {
    int head = pair / half;
    int j = pair - head * half;
    T* at = row + head * 2 * half + j;
    float2 angle = angles[j];
    float sine = sign * angle.y;
    float a = load(at);
    float b = load(at + half);
    store(at, a * angle.x - b * sine);
    store(at + half, b * angle.x + a * sine);
  }
}

// table [positions, half]: cosine and sine. sign: 1, or -1 for the gradient. A block a row.
extern "C" __global__ __launch_bounds__(THREADS) void rotary_rotate(
    float* __restrict__ qkv, const int* __restrict__ position_of,
    const float2* __restrict__ table, int heads, int half, float sign) {
  rotate(qkv, position_of, table, heads, half, sign);
}

extern "C" __global__ __launch_bounds__(THREADS) void rotary_rotate_bf16(
    bf16* __restrict__ qkv, const int* __restrict__ position_of,
    const float2* __restrict__ table, int heads, int half, float sign) {
  rotate(qkv, position_of, table, heads, half, sign);
}
