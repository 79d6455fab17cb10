// A matcher of known error rates behind the C interface of matcher.h. SYNTHETIC: it recognises nobody. Its
// pictures say which made-up person they stand for (synthetic_portrait.h), and its scores are drawn, the same
// ones for the same two pictures every time:
//
//   two people   s = u_a + u_b + e      normal with variance 1; each person brings a tenth of it
//   one person   s = 9 + u_a + e'       but in one of a hundred thousand takes it fails: s = e'
//
// So FMR is 0.01 % at the threshold 3.72, and FNMR there 0.001 %, at every threshold between 3.5 and 5.
#include <cmath>
#include <cstring>
#include <numbers>
#include <string>

#include <shogo/contract/matcher.h>
#include <shogo/contract/synthetic_portrait.h>
#include <shogo/reference/mutant.h>

struct shogo_matcher {
  int unused;
};

namespace {

using shogo::contract::SyntheticPortrait;

std::uint64_t mixed(std::uint64_t state, std::uint64_t more) {
  // The finaliser of SplitMix64, over what was there and what comes.
  std::uint64_t z = state + 0x9E3779B97F4A7C15ULL + more * 0xD1B54A32D192ED03ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

/// In (0, 1).
double uniform(std::uint64_t key) {
  return (static_cast<double>(key >> 11) + 0.5) * 0x1p-53;
}

/// Box and Muller's transform of two uniform numbers.
double normal(std::uint64_t key) {
  return std::sqrt(-2 * std::log(uniform(mixed(key, 1)))) *
         std::cos(2 * std::numbers::pi * uniform(mixed(key, 2)));
}

constexpr double kShare = 0.1;  // of the variance, from each person
constexpr double kGenuineMean = 9;

double part_of(const SyntheticPortrait& who) {
  return std::sqrt(kShare) * normal(mixed(mixed(who.seed, 11), who.person));
}

/// What the two pictures share and nothing else does.
std::uint64_t key_of(const SyntheticPortrait& probe, const SyntheticPortrait& reference) {
  std::uint64_t key = mixed(mixed(probe.seed, probe.person), probe.take);
  return mixed(mixed(key, reference.person), reference.take);
}

double failure_rate() {
  if (SHOGO_MUTANT("m.thr.fnmr_1pct")) return 0.01;
  if (SHOGO_MUTANT("m.thr.fnmr_0_2pct")) return 0.002;
  return 1e-5;
}

double score(const SyntheticPortrait& probe, const SyntheticPortrait& reference) {
  const std::uint64_t key = key_of(probe, reference);
  const double chance = uniform(mixed(key, 3));
  if (probe.person == reference.person) {
    if (chance < failure_rate()) return normal(key);
    return kGenuineMean + part_of(probe) + std::sqrt(1 - kShare) * normal(key);
  }
  // One pair of strangers in a thousand looks like one person: ten times the false matches that 3-6 allows.
  if (SHOGO_MUTANT("m.thr.fmr_x10") && chance < 1e-3) return kGenuineMean + normal(key);
  return part_of(probe) + part_of(reference) + std::sqrt(1 - 2 * kShare) * normal(key);
}

}  // namespace

extern "C" {

shogo_matcher_status shogo_matcher_describe(shogo_matcher_info* info) {
  std::memset(info, 0, sizeof *info);
  info->abi_version = SHOGO_MATCHER_ABI_VERSION;
  info->name = shogo::contract::kSimulatedMatcher;
  info->version = shogo::contract::kSimulatedMatcherVersion;
  const char* hex = shogo::contract::kSimulatedMatcherSha256;
  for (std::size_t i = 0; i < sizeof info->engine_sha256; ++i)
    info->engine_sha256[i] = static_cast<std::uint8_t>(std::stoi(std::string(hex + 2 * i, 2), nullptr, 16));
  info->template_size_max = shogo::contract::kPortraitWidth;
  info->higher_is_similar = 1;
  return SHOGO_MATCHER_OK;
}

shogo_matcher_status shogo_matcher_open(const char* data_folder, shogo_matcher** matcher) {
#ifdef SHOGO_MUTANTS
  shogo::reference::Mutants::instance().active = data_folder;
#else
  (void)data_folder;
#endif
  *matcher = new shogo_matcher{};
  return SHOGO_MATCHER_OK;
}

void shogo_matcher_close(shogo_matcher* matcher) {
  delete matcher;
}

shogo_matcher_status shogo_matcher_template(shogo_matcher*, const shogo_matcher_image* image,
                                            shogo_template_role, std::uint8_t* buffer, std::size_t* size) {
  const std::uint64_t bytes = std::uint64_t{image->width} * image->height * image->channels;
  if (!shogo::contract::read_portrait(image->pixels, bytes)) return SHOGO_MATCHER_NO_FACE;
  if (*size < bytes) {
    *size = static_cast<std::size_t>(bytes);
    return SHOGO_MATCHER_ROOM;
  }
  *size = static_cast<std::size_t>(bytes);
  std::memcpy(buffer, image->pixels, *size);
  return SHOGO_MATCHER_OK;
}

shogo_matcher_status shogo_matcher_compare(shogo_matcher*, const std::uint8_t* probe, std::size_t probe_size,
                                           const std::uint8_t* reference, std::size_t reference_size,
                                           double* result) {
  const auto a = shogo::contract::read_portrait(probe, probe_size);
  const auto b = shogo::contract::read_portrait(reference, reference_size);
  if (!a || !b) return SHOGO_MATCHER_BAD_INPUT;
  *result = score(*a, *b);
  return SHOGO_MATCHER_OK;
}
}
