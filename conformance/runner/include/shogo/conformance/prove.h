// Prove: lets every deliberately wrong device meet the checks that must catch it, and writes down who was
// caught.
#pragma once

#include <atomic>
#include <functional>
#include <set>
#include <span>
#include <string>

#include <shogo/conformance/catalogue.h>
#include <shogo/conformance/check.h>
#include <shogo/conformance/dut.h>
#include <shogo/conformance/kill_matrix.h>

namespace shogo::conformance {

struct ProveProgress {
  std::size_t done = 0, count = 0;  ///< devices, the unmutated one included
  std::string mutant;               ///< empty: the unmutated reference
  bool killed = false;
  std::string remark;  ///< one line: who killed it, or why it survived
};

struct ProveOptions {
  std::uint64_t seed = 1;
  std::string profile = "quick";
  std::set<std::string> clauses;  ///< as in RunOptions
  /// Every selected clause meets every mutant, for also_killed_by: shows which checks are coupled, and takes
  /// the square of the time. A proof needs only the clauses that name a mutant.
  bool ask_others = false;
  std::string build_id;
  int parallel = 2;
  std::function<void(const ProveProgress&)> progress;  ///< called from one thread at a time
  const std::atomic<bool>* stop = nullptr;
};

/// Mutants of the selected clauses that have a check, sorted.
[[nodiscard]] std::vector<MutantRecord> mutants_of(std::span<const Check> checks, const Catalogue& catalogue,
                                                   const std::set<std::string>& clauses);

/// An error when a device cannot be started at all, or somebody stopped it.
[[nodiscard]] Result<KillMatrix> prove(std::span<const Check> checks, const Catalogue& catalogue,
                                       const OpenDevice& open, const ProveOptions& options);

}  // namespace shogo::conformance
