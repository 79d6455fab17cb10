#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include <shogo/statistics/transaction.h>

namespace shogo::statistics {
namespace {

struct Session {
  std::string claimed, probe;
  std::int64_t attempts = 0;
  bool matched = false;
};

Error wrong(const Attempt& attempt, std::string_view what) {
  return Error{Code::kInvalid, fmt::format("transaction \"{}\": {}", attempt.transaction, what)};
}

/// Errors by the people they belong to: one subject for genuine trials, two for impostor trials.
class Counter {
 public:
  void genuine(const std::string& subject, bool error) {
    ClusterCount& cluster = clusters_[subject];
    ++cluster.trials;
    cluster.errors += error ? 1 : 0;
    count(error);
  }
  void impostor(const std::string& a, const std::string& b, bool error) {
    pairs_.push_back({number(a), number(b), error ? 1 : 0, 1});
    count(error);
  }
  [[nodiscard]] Result<std::optional<Rate>> judge(std::string name, const std::optional<Limit>& limit,
                                                  double confidence) const {
    if (trials_ == 0) return std::optional<Rate>();
    DesignEffect effect = independent();
    if (!pairs_.empty()) {
      // Without a limit the assumed part of the effect is taken at the observed rate, at least one error.
      const double at = limit ? limit->value
                              : std::clamp(static_cast<double>(std::max<std::int64_t>(1, errors_)) /
                                               static_cast<double>(trials_),
                                           1e-12, 0.5);
      effect = paired(count_pairs(pairs_), at);
    } else {
      std::vector<ClusterCount> list;
      for (const auto& [subject, cluster] : clusters_) list.push_back(cluster);
      effect = clustered(list);
    }
    SHOGO_TRY(Rate rate, judge_rate({std::move(name), errors_, trials_, effect, confidence, limit, 0}));
    return std::optional<Rate>(std::move(rate));
  }

 private:
  void count(bool error) {
    ++trials_;
    errors_ += error ? 1 : 0;
  }
  std::uint32_t number(const std::string& subject) {
    return numbers_.emplace(subject, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }
  std::map<std::string, ClusterCount> clusters_;
  std::map<std::string, std::uint32_t> numbers_;
  std::vector<PairTrial> pairs_;
  std::int64_t errors_ = 0, trials_ = 0;
};

}  // namespace

Result<TransactionRates> transaction_rates(std::span<const Attempt> attempts,
                                           const TransactionLimits& limits) {
  TransactionRates rates;
  std::map<std::string, Session> sessions;
  std::map<std::string, bool> references;
  Counter fte, fta, fmr, fnmr, far, frr;
  for (const Attempt& attempt : attempts) {
    if (attempt.transaction.empty() || attempt.claimed.empty() || attempt.probe.empty())
      return wrong(attempt, "transaction, claimed and probe identity must be given");
    if (attempt.matched && !(attempt.acquired && attempt.enrolled))
      return wrong(attempt, "a match without a sample or a reference");
    Session& session = sessions[attempt.transaction];
    if (session.attempts > 0 && (session.claimed != attempt.claimed || session.probe != attempt.probe))
      return wrong(attempt, "two claims or two people in one transaction");
    if (session.matched)
      return wrong(attempt, "an attempt after the match that ended it; are transaction ids reused?");
    session.claimed = attempt.claimed;
    session.probe = attempt.probe;
    session.matched = attempt.matched;
    rates.most_attempts = std::max(rates.most_attempts, ++session.attempts);
    const auto [reference, first] = references.emplace(attempt.claimed, attempt.enrolled);
    if (!first && reference->second != attempt.enrolled)
      return wrong(attempt,
                   fmt::format("the reference of \"{}\" is enrolled and not enrolled", attempt.claimed));
    if (!attempt.enrolled) continue;
    fta.genuine(attempt.probe, !attempt.acquired);
    if (!attempt.acquired) continue;
    if (attempt.claimed == attempt.probe)
      fnmr.genuine(attempt.probe, !attempt.matched);
    else
      fmr.impostor(attempt.claimed, attempt.probe, attempt.matched);
  }
  for (const auto& [subject, enrolled] : references) fte.genuine(subject, !enrolled);
  for (const auto& [id, session] : sessions) {
    if (session.claimed == session.probe)
      frr.genuine(session.probe, !session.matched);
    else
      far.impostor(session.claimed, session.probe, session.matched);
  }
  SHOGO_TRY(rates.fte, fte.judge("FTE", std::nullopt, limits.confidence));
  SHOGO_TRY(rates.fta, fta.judge("FTA", std::nullopt, limits.confidence));
  SHOGO_TRY(rates.fmr, fmr.judge("FMR", limits.fmr, limits.confidence));
  SHOGO_TRY(rates.fnmr, fnmr.judge("FNMR", limits.fnmr, limits.confidence));
  SHOGO_TRY(rates.far, far.judge("FAR", limits.far, limits.confidence));
  SHOGO_TRY(rates.frr, frr.judge("FRR", limits.frr, limits.confidence));
  return rates;
}

json::object to_json(const TransactionRates& rates) {
  const auto maybe = [](const std::optional<Rate>& rate) -> json::value {
    if (!rate) return nullptr;
    return to_json(*rate);
  };
  return {{"attempt",
           json::object{{"FTA", maybe(rates.fta)}, {"FMR", maybe(rates.fmr)}, {"FNMR", maybe(rates.fnmr)}}},
          {"transaction",
           json::object{{"FTE", maybe(rates.fte)}, {"FAR", maybe(rates.far)}, {"FRR", maybe(rates.frr)}}},
          {"most_attempts", rates.most_attempts}};
}

}  // namespace shogo::statistics
