// Null devices: error rate and dependence are known because we made them, so the rule that judges them can be
// wrong and be seen to be wrong. Everything here is synthetic.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <shogo/base/rng.h>

namespace shogo::evaluation {

/// How the errors of one cluster hang together, at the same rate and the same intra-cluster correlation.
enum class Shape {
  kBeta,    ///< error rates of clusters follow a beta distribution
  kNormal,  ///< a normal score, of which the cluster brings a part, falls below a threshold
  kClumps,  ///< few clusters are bad, and those are equally bad: the worst case for an upper bound
};
[[nodiscard]] std::string_view to_string(Shape shape);

/// Chances of 0, 1, … `size` errors in a cluster of a device with this rate and this correlation.
[[nodiscard]] std::vector<double> cluster_chances(Shape shape, double rate, double icc, std::int64_t size);

/// False matches among all pairs of `subjects` people: score = u_a + u_b + rest, normal with variance 1, of
/// which each person brings `share`; a match above the threshold that leaves exactly `rate`. Only the matches
/// are drawn, by thinning over groups of similar people, so a study of millions of pairs costs less than a
/// millisecond.
class PairDevice {
 public:
  PairDevice(std::uint32_t subjects, double rate, double share);
  [[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint32_t>> draw(Rng& rng) const;

 private:
  std::uint32_t subjects_;
  double threshold_, share_;
};

}  // namespace shogo::evaluation
