// Kill matrix: which deliberately wrong devices the checks of one build have caught. Without it no check may
// say PASS: a check that has never failed anybody proves nothing (kill-matrix.json, docs/schemas).
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/json_reader.h>
#include <shogo/base/result.h>

namespace shogo::conformance {

inline constexpr std::string_view kKillMatrixSchema = "urn:shogo:kill-matrix:1";

struct MutantRecord {
  std::string id;                    ///< "m.pin.sends_short"
  std::vector<std::string> clauses;  ///< whose catalogue entries name it and that have a check in this build
  bool killed = false;               ///< every one of `clauses` said FAIL or NOT_MET
  std::vector<std::string> killed_by;       ///< those of `clauses` that did
  std::vector<std::string> also_killed_by;  ///< other clauses that did
  bool others_asked = false;  ///< other clauses met it too: an empty also_killed_by says something only then
};

struct KillMatrix {
  std::string build_id;  ///< of the sources that decide verdicts (version.h)
  /// Clauses whose check cannot be played on this bench even with the true reference: nothing to prove.
  std::vector<std::string> undecidable;
  std::vector<MutantRecord> mutants;  ///< sorted by id
  std::vector<std::string>
      baseline_failures;  ///< clauses that fail the unmutated reference: they prove nothing

  [[nodiscard]] std::vector<std::string> survivors() const;
  /// Clauses that were looked at: those with a mutant here, and the undecidable ones.
  [[nodiscard]] std::set<std::string> clauses() const;
  /// Mutants that the check of `clause` has caught.
  [[nodiscard]] std::set<std::string> killed_by(std::string_view clause) const;
};

/// `newer` on top of `older` of the same build: what one clause says anew replaces what it said before.
[[nodiscard]] KillMatrix merge(const KillMatrix& older, const KillMatrix& newer);

[[nodiscard]] json::object to_json(const KillMatrix& matrix);
[[nodiscard]] Result<KillMatrix> parse_kill_matrix(const json::value& value, const std::string& where);
[[nodiscard]] Result<KillMatrix> load_kill_matrix(const std::filesystem::path& file);

}  // namespace shogo::conformance
