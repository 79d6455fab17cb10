#include "log_rows.h"

#include <fmt/format.h>

#include <shogo/base/file.h>
#include <shogo/evaluation/attempt_log.h>

namespace shogo::evaluation {

Result<std::vector<statistics::Attempt>> parse_attempts(std::string_view text, std::string_view name) {
  std::vector<statistics::Attempt> log;
  SHOGO_CHECK_OK(for_each_row(text, name, [&](const Row& row, std::size_t line) -> Result<void> {
    statistics::Attempt attempt;
    attempt.transaction = get(row, "transaction_id");
    attempt.claimed = get(row, "claimed");
    attempt.probe = get(row, "probe");
    for (const char* needed : {"transaction_id", "claimed", "probe", "result"})
      if (get(row, needed).empty()) return wrong(name, line, fmt::format("{} is missing", needed));
    const std::string_view result = get(row, "result");
    attempt.matched = result == "match";
    attempt.acquired = result != "no_sample" && result != "no_reference";
    attempt.enrolled = result != "no_reference";
    if (!attempt.matched && attempt.acquired && result != "no_match")
      return wrong(
          name, line,
          fmt::format("result must be match, no_match, no_sample or no_reference, not \"{:.40}\"", result));
    log.push_back(std::move(attempt));
    return {};
  }));
  if (log.empty()) return Error{Code::kInvalid, fmt::format("{}: there is no attempt in it", name)};
  return log;
}

Result<std::vector<statistics::Attempt>> read_attempts(const std::filesystem::path& file) {
  constexpr std::size_t kLimit = std::size_t{1} << 31;
  SHOGO_TRY(const std::string text, read_text(file, kLimit));
  return parse_attempts(text, file.string());
}

}  // namespace shogo::evaluation
