// Logs of presentations, the source of all attack rates: JSON lines or CSV with a header. Columns (others are
// ignored):
//   presentation_id, subject (or subject_ref)                                   needed
//   type        attack | bona_fide                                              needed
//   species     needed for attacks; a log without species gives no attack rate
//   transaction_id, response (ok | no_response | error)                         optional
//   pad_decision (attack | bona_fide), transaction_decision (accept | reject)   at least one
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include <shogo/base/result.h>
#include <shogo/statistics/pad.h>

namespace shogo::evaluation {

[[nodiscard]] Result<std::vector<statistics::Presentation>> parse_presentations(std::string_view text,
                                                                                std::string_view name);
[[nodiscard]] Result<std::vector<statistics::Presentation>> read_presentations(
    const std::filesystem::path& file);

}  // namespace shogo::evaluation
