// Logs of attempts, in order of time: JSON lines or CSV with a header. Columns (others are ignored):
//   transaction_id, claimed, probe      needed; claimed = probe: the person himself
//   result      match | no_match | no_sample (no usable picture) | no_reference (nothing to compare with)
//   needed
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include <shogo/base/result.h>
#include <shogo/statistics/transaction.h>

namespace shogo::evaluation {

[[nodiscard]] Result<std::vector<statistics::Attempt>> parse_attempts(std::string_view text,
                                                                      std::string_view name);
[[nodiscard]] Result<std::vector<statistics::Attempt>> read_attempts(const std::filesystem::path& file);

}  // namespace shogo::evaluation
