// (a, b) becomes (a cos - b sin, b cos + a sin) on the halves of each head of q and k, in place.
// The angles' cosines and sines come from the host, which takes them in double: an angle of 1024
// radians in fp32 has an error of 6e-5, and double-precision sines on the device are slow.

#include "common.cuh"

#define THREADS 256

// table [positions, half]: cosine and sine. sign: 1, or -1 for the gradient. A block a row.
extern "C" __global__ __launch_bounds__(THREADS) void rotary_rotate(
    float* __restrict__ qkv, const int* __restrict__ position_of,
    const float2* __restrict__ table, int heads, int half, float sign) {
  float* row = qkv + (long long)blockIdx.x * 6 * heads * half;
  const float2* angles = table + (long long)position_of[blockIdx.x] * half;
  // the heads of q, then those of k, lie side by side
  for (int pair = threadIdx.x; pair < 2 * heads * half; pair += THREADS) {
    int head = pair / half;
    int j = pair - head * half;
    float* at = row + head * 2 * half + j;
    float2 angle = angles[j];
    float sine = sign * angle.y;
    float a = at[0];
    float b = at[half];
    at[0] = a * angle.x - b * sine;
    at[half] = b * angle.x + a * sine;
  }
}
