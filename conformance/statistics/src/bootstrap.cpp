#include "draw_people.h"
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <shogo/base/rng.h>
#include <shogo/statistics/bootstrap.h>

namespace shogo::statistics {
namespace {

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

std::optional<double> swept_fnmr(const SweptScores& scores, const std::vector<std::uint16_t>& times,
                                 double target_fmr) {
  double squares = 0;
  for (const std::uint16_t t : times) squares += static_cast<double>(t) * t;
  const auto people = static_cast<double>(times.size());
  const double allowed = target_fmr * (people * people - squares) / 2;
  // From the highest impostor score down, equal ones together, to the first that would let too many match.
  double matches = 0;
  float excluded = -std::numeric_limits<float>::infinity();
  for (std::size_t i = 0; i < scores.impostor.size();) {
    const float score = scores.impostor[i].score;
    double here = 0;
    for (; i < scores.impostor.size() && scores.impostor[i].score == score; ++i)
      here += static_cast<double>(times[scores.impostor[i].a]) * times[scores.impostor[i].b];
    matches += here;
    if (matches > allowed) {
      excluded = score;
      break;
    }
  }
  double errors = 0, trials = 0;
  for (const SweptScores::Genuine& one : scores.genuine) {
    trials += times[one.subject];
    errors += one.score <= excluded ? times[one.subject] : 0;
  }
  if (trials == 0) return std::nullopt;
  return errors / trials;
}

Result<BootstrapInterval> bootstrap_swept(const SweptScores& scores, std::uint32_t subjects,
                                          double target_fmr, int replicates, double confidence,
                                          std::uint64_t seed) {
  SHOGO_CHECK_OK(check(subjects, replicates, confidence));
  if (!(target_fmr > 0 && target_fmr < 1))
    return Error{Code::kInvalid, "bootstrap: the target FMR must lie between 0 and 1"};
  SweptScores sorted = scores;
  std::sort(sorted.impostor.begin(), sorted.impostor.end(),
            [](const auto& a, const auto& b) { return a.score > b.score; });
  Mixer mixer(Rng(seed, "bootstrap.swept").next());
  std::vector<std::uint16_t> times(subjects);
  std::vector<double> rates;
  for (int replicate = 0; replicate < replicates; ++replicate) {
    draw_people(mixer, times);
    if (const auto rate = swept_fnmr(sorted, times, target_fmr)) rates.push_back(*rate);
  }
  if (rates.empty()) return Error{Code::kInvalid, "bootstrap: nobody has a genuine comparison"};
  return interval_of(rates, confidence);
}

}  // namespace shogo::statistics
