#include <algorithm>
#include <cmath>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <shogo/statistics/sequential.h>

namespace shogo::statistics {
namespace {

// Stakes below the limit follow Jeffreys' distribution: even for rates of every size. Those above gather at a
// few times the limit: spread up to 1 they would call a single early error a proof, correct on average and of
// no use.
struct Stakes {
  double a, b;
};

Stakes stakes(double limit, bool below) {
  return below ? Stakes{0.5, 0.5} : Stakes{1, std::max(1.0, 0.2 / limit)};
}

double log_beta(double a, double b) {
  return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
}

/// Logarithm of the beta distribution's share below or above `limit`.
double log_share(double a, double b, double limit, bool below) {
  const double share = below ? boost::math::ibeta(a, b, limit) : boost::math::ibetac(a, b, limit);
  return share > 0 ? std::log(share) : -745;  // smaller than the smallest double: no evidence either way
}

}  // namespace

Result<SequentialRate> SequentialRate::start(Limit limit, double confidence) {
  if (!(limit.value > 0 && limit.value < 1))
    return Error{Code::kInvalid, "sequential rate: the limit must lie between 0 and 1"};
  if (!(confidence > 0.5 && confidence < 1))
    return Error{Code::kInvalid, "sequential rate: the confidence must lie between 0.5 and 1"};
  return SequentialRate(limit, confidence);
}

double SequentialRate::log_evidence(std::int64_t errors, std::int64_t trials, bool below) const {
  const auto k = static_cast<double>(errors), n = static_cast<double>(trials);
  const Stakes start = stakes(limit_.value, below);
  const double a = start.a + k, b = start.b + n - k;
  return log_beta(a, b) + log_share(a, b, limit_.value, below) - log_beta(start.a, start.b) -
         log_share(start.a, start.b, limit_.value, below) - k * std::log(limit_.value) -
         (n - k) * std::log1p(-limit_.value);
}

void SequentialRate::add(bool error) {
  ++trials_;
  errors_ += error ? 1 : 0;
  if (verdict_) return;
  const double needed = -std::log(1 - confidence_);
  if (log_evidence(errors_, trials_, true) >= needed) verdict_ = RateVerdict::kProvenKept;
  if (log_evidence(errors_, trials_, false) >= needed) verdict_ = RateVerdict::kProvenBroken;
}

double SequentialRate::evidence_kept() const {
  return std::exp(log_evidence(errors_, trials_, true));
}

double SequentialRate::evidence_broken() const {
  return std::exp(log_evidence(errors_, trials_, false));
}

std::int64_t SequentialRate::more_without_error() const {
  if (verdict_ == RateVerdict::kProvenKept) return 0;
  const double needed = -std::log(1 - confidence_);
  std::int64_t low = 0, high = 1;
  while (log_evidence(errors_, trials_ + high, true) < needed) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (log_evidence(errors_, trials_ + middle, true) >= needed ? high : low) = middle;
  }
  return high;
}

}  // namespace shogo::statistics
