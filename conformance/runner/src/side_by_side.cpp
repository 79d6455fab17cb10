// Several equal devices at once: scripts mostly wait for a device, so that two of them on two cores take half
// the time. Who plays what is settled before the run.
#include <algorithm>
#include <map>
#include <mutex>
#include <thread>

#include <shogo/conformance/run.h>

namespace shogo::conformance {

std::vector<std::vector<Check>> share_out(std::span<const Check> checks, const std::set<std::string>& clauses,
                                          std::size_t devices, int (*length_s)(std::string_view case_name)) {
  struct Case {
    std::string_view name;
    int length_s = 0;
  };
  std::vector<Case> cases;
  for (const Check& check : checks) {
    if (!is_selected(clauses, check.clause)) continue;
    const bool known = std::any_of(cases.begin(), cases.end(),
                                   [&](const Case& one) { return one.name == check.case_name(); });
    if (!known) cases.push_back({check.case_name(), length_s(check.case_name())});
  }
  // The longest first, each to whom has least to do so far.
  std::stable_sort(cases.begin(), cases.end(),
                   [](const Case& a, const Case& b) { return a.length_s > b.length_s; });
  std::vector<int> busy_s(std::clamp<std::size_t>(cases.size(), 1, std::max<std::size_t>(1, devices)), 0);
  std::map<std::string_view, std::size_t> player;
  for (const Case& one : cases) {
    const auto least = std::min_element(busy_s.begin(), busy_s.end());
    *least += std::max(1, one.length_s);
    player[one.name] = static_cast<std::size_t>(least - busy_s.begin());
  }
  std::vector<std::vector<Check>> shares(busy_s.size());
  for (const Check& check : checks)
    if (is_selected(clauses, check.clause)) shares[player[check.case_name()]].push_back(check);
  return shares;
}

RunOutcome run_side_by_side(std::span<const Check> checks, const std::vector<std::vector<Check>>& shares,
                            const Catalogue& catalogue, const std::vector<DeviceUnderTest*>& devices,
                            const RunOptions& options) {
  std::mutex mutex;
  std::size_t done = 0, count = 0;
  for (const std::vector<Check>& share : shares) count += share.size();
  RunOptions own = options;
  if (options.progress)
    own.progress = [&](const Progress& step) {
      const std::lock_guard lock(mutex);
      options.progress({done, count, step.clause, step.result});
      if (step.result != nullptr) ++done;
    };

  std::vector<RunOutcome> outcomes(shares.size());
  std::vector<std::thread> players;
  for (std::size_t i = 0; i < shares.size(); ++i)
    players.emplace_back([&, i] { outcomes[i] = run_checks(shares[i], catalogue, *devices[i], own); });
  for (std::thread& player : players) player.join();

  RunOutcome all;
  std::map<std::string, ClauseResult> by_clause;
  for (RunOutcome& outcome : outcomes) {
    for (ClauseResult& result : outcome.results) by_clause[result.clause] = std::move(result);
    if (all.trouble.empty()) all.trouble = outcome.trouble;
    all.stopped = all.stopped || outcome.stopped;
    all.abandoned = all.abandoned || outcome.abandoned;
  }
  for (const Check& check : checks)
    if (const auto result = by_clause.find(std::string(check.clause)); result != by_clause.end())
      all.results.push_back(std::move(result->second));
  return all;
}

}  // namespace shogo::conformance
