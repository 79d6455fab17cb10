// Loops whose rounds do not depend on each other, in the widest registers that the processor has. Each round
// does the same arithmetic whatever their width, so the results are the same to the last bit.
#pragma once

#include <cstddef>

namespace shogo::people {

#if defined(__x86_64__) && defined(__GNUC__)
namespace wide {
inline bool has_avx2() {
  static const bool kHas = __builtin_cpu_supports("avx2") != 0;
  return kHas;
}
/// Without fused multiply-adds, which round once instead of twice. `round` is a copy, so that nothing it
/// writes can be what it reads its numbers from.
template <typename Round>
__attribute__((target("avx2"), flatten)) void run_avx2(std::size_t count, Round round) {
  for (std::size_t i = 0; i < count; ++i) round(i);
}
}  // namespace wide
#endif

/// round(0) … round(count - 1). It should be short and free of calls that are not inline.
template <typename Round>
void wide_loop(std::size_t count, const Round& round) {
#if defined(__x86_64__) && defined(__GNUC__)
  if (wide::has_avx2()) return wide::run_avx2(count, round);
#endif
  for (std::size_t i = 0; i < count; ++i) round(i);
}

}  // namespace shogo::people
