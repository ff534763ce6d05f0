// Philox 4x32-10 (Salmon et al., SC 2011), as io.sedd.diffusion.backend.Philox has it.

struct Words {
  unsigned w[4];
};

__device__ __forceinline__ Words philox(long long seed, unsigned c0, unsigned c1, unsigned c2,
                                        unsigned c3) {
  unsigned k0 = (unsigned)seed;
  unsigned k1 = (unsigned)((u64)seed >> 32);
#pragma unroll
  for (int round = 0; round < 10; round++) {
    unsigned high0 = __umulhi(0xD2511F53u, c0);
    unsigned low0 = 0xD2511F53u * c0;
    unsigned high1 = __umulhi(0xCD9E8D57u, c2);
    unsigned low1 = 0xCD9E8D57u * c2;
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return Words{{c0, c1, c2, c3}};
}

// A multiple of 2^-53 in [0, 1).
__device__ __forceinline__ double uniform53(long long seed, int sample, int step, int position,
                                            int stream) {
  Words words = philox(seed, position, step, sample, stream);
  u64 bits = ((u64)words.w[0] << 32) | words.w[1];
  return (double)(bits >> 11) * 0x1p-53;
}
