// Random counts from a seeded generator, the same on every machine (the distributions of the standard library
// are not). For plans, bootstrap and null devices.
#pragma once

#include <cstdint>

#include <shogo/base/rng.h>

namespace shogo::statistics {

[[nodiscard]] double draw_normal(Rng& rng);
/// Gamma with this shape and scale 1. shape > 0.
[[nodiscard]] double draw_gamma(Rng& rng, double shape);
/// Beta with mean `rate` and intra-class correlation `icc`: the error rate of one cluster. 0 < rate < 1, 0 <
/// icc < 1.
[[nodiscard]] double draw_cluster_rate(Rng& rng, double rate, double icc);
/// Number of successes of `n` tries, by inversion from the tail that holds it; fast when n p is small.
[[nodiscard]] std::int64_t draw_binomial(Rng& rng, std::int64_t n, double p);

}  // namespace shogo::statistics
