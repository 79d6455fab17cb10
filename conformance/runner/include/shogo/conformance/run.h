// run_checks: plays the checks on one device, one after the other, and settles a verdict for each clause.
#pragma once

#include <atomic>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <shogo/base/clock.h>
#include <shogo/conformance/catalogue.h>
#include <shogo/conformance/check.h>
#include <shogo/conformance/dut.h>
#include <shogo/conformance/kill_matrix.h>
#include <shogo/conformance/report.h>

namespace shogo::conformance {

struct Progress {
  std::size_t index = 0, count = 0;  ///< of the selected checks, from 0
  std::string clause;
  const ClauseResult* result = nullptr;  ///< null: the clause begins
};

struct RunOptions {
  std::uint64_t seed = 1;
  std::string profile = "quick";
  std::set<std::string> clauses;  ///< "3-11.a", or "3-11" for all of an item; empty: all
  /// Null: nothing is proven, every PASS becomes CHECK_UNPROVEN.
  const KillMatrix* proof = nullptr;
  /// prove() itself looks at the bare verdicts.
  bool take_as_proven = false;
  /// Saves the transcript of a case (Check::case_name) and returns its evidence paths. May be empty.
  std::function<Result<std::vector<std::string>>(const std::string& case_name, const Transcript&)> keep;
  std::function<void(const Progress&)> progress;
  Clock* clock = nullptr;                   ///< null: the machine's
  const std::atomic<bool>* stop = nullptr;  ///< set from a signal handler's thread: ends the run soon
  milliseconds grace{10'000};  ///< what a script may take after its watchdog before it is given up
};

struct RunOutcome {
  std::vector<ClauseResult> results;  ///< one a selected check
  std::string trouble;                ///< why the run did not reach its end, one line; empty: it did
  bool stopped = false;
  /// A script did not return even after its watchdog and still holds the device: the process must end without
  /// destroying anything (std::_Exit).
  bool abandoned = false;
};

/// Does `--clause` select this one?
[[nodiscard]] bool is_selected(const std::set<std::string>& wanted, std::string_view clause);
/// An error that names the first of `wanted` that the catalogue does not have.
[[nodiscard]] Result<void> check_selection(const Catalogue& catalogue, const std::set<std::string>& wanted);

[[nodiscard]] RunOutcome run_checks(std::span<const Check> checks, const Catalogue& catalogue,
                                    DeviceUnderTest& dut, const RunOptions& options);

/// How long the script of a case (Check::case_name) takes in the profile quick on a free machine, about, in
/// s: only for sharing cases out. Of this build's checks (conformance/checks).
[[nodiscard]] int about_s(std::string_view case_name);

/// What each of `devices` equal devices plays: whole cases, in the order of `checks`, about as long for each.
/// The same for the same selection, so that evidence stays the same for the same seed. Fewer than `devices`
/// when there are fewer cases.
[[nodiscard]] std::vector<std::vector<Check>> share_out(std::span<const Check> checks,
                                                        const std::set<std::string>& clauses,
                                                        std::size_t devices,
                                                        int (*length_s)(std::string_view case_name));
/// run_checks() on several devices at once, each with a world of its own; results in the order of `checks`.
/// `shares` as share_out gives them, one a device. `keep` is called from several threads, `progress` under a
/// lock.
[[nodiscard]] RunOutcome run_side_by_side(std::span<const Check> checks,
                                          const std::vector<std::vector<Check>>& shares,
                                          const Catalogue& catalogue,
                                          const std::vector<DeviceUnderTest*>& devices,
                                          const RunOptions& options);

}  // namespace shogo::conformance
