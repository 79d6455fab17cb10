#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <shogo/base/rng.h>
#include <shogo/statistics/bootstrap.h>

namespace shogo::statistics {
namespace {

__extension__ using Wide = unsigned __int128;

/// A counter, mixed by one long multiplication (the wyrand construction): successive numbers do not wait for
/// each other, which is what this loop needs. Seeded from Rng.
class Mixer {
 public:
  explicit Mixer(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    state_ += 0xA0761D6478BD642FU;
    const Wide product = static_cast<Wide>(state_) * (state_ ^ 0xE7037ED1A0B428DBU);
    return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
  }

 private:
  std::uint64_t state_;
};

/// How often each of n people is drawn in n draws. Two draws a number: their bias, n / 2^32, is far below
/// what a thousand replicates can show.
void draw_people(Mixer& mixer, std::vector<std::uint16_t>& times) {
  const std::uint64_t n = times.size();
  std::fill(times.begin(), times.end(), std::uint16_t{0});
  for (std::uint64_t i = 0; i + 1 < n; i += 2) {
    const std::uint64_t bits = mixer.next();
    ++times[static_cast<std::size_t>((bits >> 32) * n >> 32)];
    ++times[static_cast<std::size_t>((bits & 0xFFFFFFFFU) * n >> 32)];
  }
  if (n % 2 == 1) ++times[static_cast<std::size_t>((mixer.next() >> 32) * n >> 32)];
}

BootstrapInterval interval_of(std::vector<double>& rates, double confidence) {
  std::sort(rates.begin(), rates.end());
  const auto n = static_cast<double>(rates.size());
  const auto at = [&](double share) {
    return rates[static_cast<std::size_t>(std::clamp(share * n, 0.0, n - 1))];
  };
  return {at(1 - confidence), at(confidence), static_cast<int>(rates.size())};
}

Result<void> check(std::size_t people, int replicates, double confidence) {
  if (people < 2 || people > std::numeric_limits<std::uint32_t>::max())
    return Error{Code::kInvalid, "bootstrap: at least two people are needed"};
  if (replicates < 100)
    return Error{Code::kInvalid, fmt::format("bootstrap: {} replicates are too few; take 1000", replicates)};
  if (!(confidence > 0.5 && confidence < 1))
    return Error{Code::kInvalid, "bootstrap: the confidence must lie between 0.5 and 1"};
  return {};
}

}  // namespace

Result<BootstrapInterval> bootstrap_pairs(std::uint32_t subjects,
                                          std::span<const std::pair<std::uint32_t, std::uint32_t>> errors,
                                          int replicates, double confidence, std::uint64_t seed) {
  SHOGO_CHECK_OK(check(subjects, replicates, confidence));
  Mixer mixer(Rng(seed, "bootstrap.pairs").next());
  std::vector<std::uint16_t> times(subjects);
  std::vector<double> rates;
  for (int replicate = 0; replicate < replicates; ++replicate) {
    draw_people(mixer, times);
    std::uint64_t hits = 0, squares = 0;
    for (const auto& [a, b] : errors) hits += static_cast<std::uint64_t>(times[a]) * times[b];
    for (const std::uint16_t t : times) squares += static_cast<std::uint64_t>(t) * t;
    const double n = subjects;
    const double pairs = (n * n - static_cast<double>(squares)) / 2;
    if (pairs > 0) rates.push_back(static_cast<double>(hits) / pairs);
  }
  return interval_of(rates, confidence);
}

Result<BootstrapInterval> bootstrap_clusters(std::span<const ClusterCount> clusters, int replicates,
                                             double confidence, std::uint64_t seed) {
  SHOGO_CHECK_OK(check(clusters.size(), replicates, confidence));
  Mixer mixer(Rng(seed, "bootstrap.clusters").next());
  std::vector<std::uint16_t> times(clusters.size());
  std::vector<double> rates;
  for (int replicate = 0; replicate < replicates; ++replicate) {
    draw_people(mixer, times);
    double errors = 0, trials = 0;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
      errors += static_cast<double>(times[i]) * static_cast<double>(clusters[i].errors);
      trials += static_cast<double>(times[i]) * static_cast<double>(clusters[i].trials);
    }
    if (trials > 0) rates.push_back(errors / trials);
  }
  if (rates.empty()) return Error{Code::kInvalid, "bootstrap: no cluster has a trial"};
  return interval_of(rates, confidence);
}

}  // namespace shogo::statistics
