// What every source begins with; sources include nothing, so that NVRTC needs no folder of headers.

typedef unsigned short bf16;  // the upper half of an fp32
typedef unsigned long long u64;

#define ALL_LANES 0xffffffffu
#define LANES 32
#define INFINITE __int_as_float(0x7f800000)

// The butterfly adds the same pairs in every lane, so all lanes get the same bits.
template <typename T>
__device__ __forceinline__ T warp_sum(T value) {
#pragma unroll
  for (int o = LANES / 2; o > 0; o >>= 1) value += __shfl_xor_sync(ALL_LANES, value, o);
  return value;
}

__device__ __forceinline__ float warp_max(float value) {
#pragma unroll
  for (int o = LANES / 2; o > 0; o >>= 1) value = fmaxf(value, __shfl_xor_sync(ALL_LANES, value, o));
  return value;
}

// Two numbers rounded to the nearest bf16, ties to even; the first lies in the low half.
__device__ __forceinline__ unsigned pack_bf16(float low, float high) {
  unsigned both;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(both) : "f"(high), "f"(low));
  return both;
}

__device__ __forceinline__ bf16 to_bf16(float value) { return (bf16)pack_bf16(value, 0.0f); }

__device__ __forceinline__ float from_bf16(bf16 value) {
  return __uint_as_float((unsigned)value << 16);
}
