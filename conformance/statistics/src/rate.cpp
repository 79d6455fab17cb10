#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <shogo/statistics/binomial.h>
#include <shogo/statistics/rate.h>

namespace shogo::statistics {
namespace {

bool keeps(double value, const Limit& limit) {
  return limit.strict ? value < limit.value : value <= limit.value;
}

double upper_of(double k, double n, double effect, double confidence) {
  return upper_bound(k / effect, n / effect, confidence);
}

/// Does the upper bound of k errors in n trials keep the limit? The same as computing the bound and
/// comparing, at a tenth of the cost: the bound lies below the limit when k errors or fewer are unlikely
/// enough at it.
bool would_keep(double k, double n, double effect, double confidence, const Limit& limit) {
  const double likely = binomial_cdf(k / effect, n / effect, limit.value);
  return limit.strict ? likely < 1 - confidence : likely <= 1 - confidence;
}

/// The least number of further trials with which `proves(more)` holds; it holds for ever from there on.
template <typename Proves>
std::optional<std::int64_t> least_more(const Proves& proves) {
  constexpr std::int64_t kMost = std::int64_t{1} << 50;
  std::int64_t low = 0, high = 1;
  while (!proves(high)) {
    low = high;
    high *= 2;
    if (high > kMost) return std::nullopt;
  }
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (proves(middle) ? high : low) = middle;
  }
  return high;
}

Result<void> check(const RateInput& input) {
  const auto wrong = [&](std::string_view what) {
    return Error{Code::kInvalid,
                 fmt::format("rate {}: {} (k = {}, n = {})", input.name, what, input.errors, input.trials)};
  };
  if (input.trials < 1) return wrong("there are no trials, so there is no rate");
  if (input.errors < 0) return wrong("errors cannot be negative");
  if (input.errors > input.trials) return wrong("more errors than trials");
  if (!(input.confidence > 0.5 && input.confidence < 1))
    return wrong("the confidence must lie between 0.5 and 1, for example 0.95");
  if (input.limit && !(input.limit->value > 0 && input.limit->value < 1))
    return wrong("the limit must lie between 0 and 1, for example 0.003");
  if (!(input.effect.upper >= 1) || !(input.effect.lower >= 1) || !(input.effect.interval.lower >= 1) ||
      !(input.effect.interval.upper >= 1))
    return wrong("a design effect cannot be below 1");
  return {};
}

}  // namespace

std::string_view to_string(RateVerdict verdict) {
  switch (verdict) {
    case RateVerdict::kProvenKept:
      return "proven_kept";
    case RateVerdict::kProvenBroken:
      return "proven_broken";
    case RateVerdict::kShown:
      return "shown";
    case RateVerdict::kNotShown:
      return "not_shown";
  }
  return "";
}

Result<Rate> judge_rate(const RateInput& input) {
  SHOGO_CHECK_OK(check(input));
  const auto k = static_cast<double>(input.errors), n = static_cast<double>(input.trials);
  Rate rate;
  rate.name = input.name;
  rate.errors = input.errors;
  rate.trials = input.trials;
  rate.effective_trials = n / input.effect.upper;
  rate.effective_trials_lower = n / input.effect.lower;
  rate.interval_effect = input.effect.interval;
  rate.point = k / n;
  rate.upper = upper_of(k, n, input.effect.upper, input.confidence);
  rate.lower = lower_bound(k / input.effect.lower, n / input.effect.lower, input.confidence);
  rate.confidence = input.confidence;
  rate.method = "Clopper-Pearson, one-sided, " + input.effect.method;
  rate.limit = input.limit;
  if (!input.limit) return rate;

  const Limit& limit = *input.limit;
  const bool complete = input.trials >= input.planned;
  if (keeps(rate.upper, limit))
    rate.verdict = RateVerdict::kProvenKept;
  else if (limit.strict ? rate.lower >= limit.value : rate.lower > limit.value)
    rate.verdict = RateVerdict::kProvenBroken;
  else
    rate.verdict = complete && keeps(rate.point, limit) ? RateVerdict::kShown : RateVerdict::kNotShown;

  if (rate.verdict == RateVerdict::kProvenKept || rate.verdict == RateVerdict::kProvenBroken) return rate;
  const double effect = input.effect.upper;
  rate.more_without_error = least_more([&](std::int64_t more) {
    return would_keep(k, n + static_cast<double>(more), effect, input.confidence, limit);
  });
  if (rate.point < limit.value)
    rate.more_at_this_rate = least_more([&](std::int64_t more) {
      const double all = n + static_cast<double>(more);
      return would_keep(rate.point * all, all, effect, input.confidence, limit);
    });
  return rate;
}

json::object to_json(const Rate& rate) {
  const Interval interval = interval_of(rate);
  json::object object{
      {"name", rate.name},
      {"k", rate.errors},
      {"n", rate.trials},
      {"n_effective", rate.effective_trials},
      {"n_effective_lower", rate.effective_trials_lower},
      {"point", rate.point},
      {"lower", rate.lower},
      {"upper", rate.upper},
      {"confidence", rate.confidence},
      {"method", rate.method},
      {"interval", json::object{{"lower", interval.lower},
                                {"upper", interval.upper},
                                {"confidence", rate.confidence},
                                {"method", rate.interval_effect.at_least
                                               ? "mid-P, two-sided, at least: few errors or people"
                                               : "mid-P, two-sided"}}}};
  if (rate.limit)
    object["limit"] =
        json::object{{"value", rate.limit->value}, {"relation", rate.limit->strict ? "<" : "<="}};
  else
    object["limit"] = nullptr;
  if (rate.verdict)
    object["verdict"] = to_string(*rate.verdict);
  else
    object["verdict"] = nullptr;
  if (rate.more_without_error) object["more_trials_without_error"] = *rate.more_without_error;
  if (rate.more_at_this_rate) object["more_trials_at_this_rate"] = *rate.more_at_this_rate;
  return object;
}

std::string percent(double share) {
  return fmt::format("{:.3g} %", 100 * share);
}

std::string describe(const Rate& rate) {
  std::string text = fmt::format("{} {} ({}/{}, n_eff {:.0f}; {:.4g} % bounds {} .. {})", rate.name,
                                 percent(rate.point), rate.errors, rate.trials, rate.effective_trials,
                                 100 * rate.confidence, percent(rate.lower), percent(rate.upper));
  if (rate.limit) text += fmt::format(" {} {}", rate.limit->strict ? "<" : "<=", percent(rate.limit->value));
  if (rate.verdict) {
    std::string word(to_string(*rate.verdict));
    for (char& c : word)
      if (c == '_') c = ' ';
    text += ": " + word;
  }
  return text;
}

}  // namespace shogo::statistics
