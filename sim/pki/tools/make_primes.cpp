// Prints the pool of primes, one a line: seed 0, stream "pki.primes". `make_primes 2` prints the first two.
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <openssl/bn.h>

#include <shogo/base/bytes.h>
#include <shogo/base/rng.h>

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 512;
  constexpr unsigned long kPublicExponent = 65537;
  shogo::Rng rng(0, "pki.primes");
  const std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> ctx(BN_CTX_new(), BN_CTX_free);
  for (int found = 0; found < count;) {
    shogo::Bytes candidate(128);
    rng.fill(candidate);
    candidate.front() |= 0xC0;
    candidate.back() |= 0x01;
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> p(
        BN_bin2bn(candidate.data(), static_cast<int>(candidate.size()), nullptr), BN_free);
    if (BN_mod_word(p.get(), kPublicExponent) == 1 || BN_check_prime(p.get(), ctx.get(), nullptr) != 1)
      continue;
    std::puts(shogo::to_hex(candidate).c_str());
    ++found;
  }
  return 0;
}
