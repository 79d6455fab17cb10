// Rejudge: the pure judges once more, on an archived bundle, without any device.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <shogo/conformance/catalogue.h>
#include <shogo/conformance/check.h>

namespace shogo::conformance {

struct Difference {
  std::string clause, archived, now;  ///< "PASS", "INCONCLUSIVE(CHECK_UNPROVEN)"
};

struct RejudgeOutcome {
  std::vector<std::string> rejudged;   ///< clauses with evidence and a check in this build
  std::vector<std::string> unchecked;  ///< judged in the archive, but this build has no check of them
  std::vector<Difference> differences;
};

/// Errors: kCorrupt when a byte of the evidence has changed, and whatever else makes the bundle unreadable.
[[nodiscard]] Result<RejudgeOutcome> rejudge(std::span<const Check> checks,
                                             const std::filesystem::path& bundle);

}  // namespace shogo::conformance
