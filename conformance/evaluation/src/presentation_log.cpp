#include "log_rows.h"
#include <string>

#include <fmt/format.h>

#include <shogo/base/file.h>
#include <shogo/evaluation/presentation_log.h>

namespace shogo::evaluation {
namespace {

using statistics::Presentation;
using statistics::Response;

/// yes, no, empty, or an error.
Result<std::optional<bool>> decision(const Row& row, std::string_view key, std::string_view yes,
                                     std::string_view no, std::string_view name, std::size_t line) {
  const std::string_view word = get(row, key);
  if (word.empty()) return std::optional<bool>();
  if (word == yes) return std::optional<bool>(true);
  if (word == no) return std::optional<bool>(false);
  return wrong(name, line, fmt::format("{} must be {} or {}, not \"{:.40}\"", key, yes, no, word));
}

Result<Presentation> presentation_of(const Row& row, std::string_view name, std::size_t line) {
  Presentation made;
  made.presentation = get(row, "presentation_id");
  made.transaction = get(row, "transaction_id");
  made.species = get(row, "species");
  made.subject = get(row, "subject").empty() ? get(row, "subject_ref") : get(row, "subject");
  if (made.presentation.empty())
    return wrong(name, line,
                 "presentation_id is missing. A list of scores and labels is no presentation log: it gives a "
                 "curve, and no "
                 "APCER or IAPAR");
  const std::string_view type = get(row, "type");
  if (type != "attack" && type != "bona_fide")
    return wrong(name, line, fmt::format("type must be attack or bona_fide, not \"{:.40}\"", type));
  if (type == "attack" && made.species.empty())
    return wrong(name, line,
                 "an attack without a species; rates are told species by species and never pooled");
  if (type == "bona_fide" && !made.species.empty())
    return wrong(name, line, "a bona fide presentation with a species");
  const std::string_view response = get(row, "response");
  if (response == "no_response")
    made.response = Response::kNoResponse;
  else if (response == "error")
    made.response = Response::kError;
  else if (!response.empty() && response != "ok")
    return wrong(name, line,
                 fmt::format("response must be ok, no_response or error, not \"{:.40}\"", response));
  SHOGO_TRY(made.pad_attack, decision(row, "pad_decision", "attack", "bona_fide", name, line));
  SHOGO_TRY(made.accepted, decision(row, "transaction_decision", "accept", "reject", name, line));
  return made;
}

}  // namespace

Result<std::vector<Presentation>> parse_presentations(std::string_view text, std::string_view name) {
  std::vector<Presentation> log;
  SHOGO_CHECK_OK(for_each_row(text, name, [&](const Row& row, std::size_t line) -> Result<void> {
    SHOGO_TRY(Presentation made, presentation_of(row, name, line));
    log.push_back(std::move(made));
    return {};
  }));
  if (log.empty()) return Error{Code::kInvalid, fmt::format("{}: there is no presentation in it", name)};
  return log;
}

Result<std::vector<Presentation>> read_presentations(const std::filesystem::path& file) {
  constexpr std::size_t kLimit = std::size_t{1} << 31;
  SHOGO_TRY(const std::string text, read_text(file, kLimit));
  return parse_presentations(text, file.string());
}

}  // namespace shogo::evaluation
