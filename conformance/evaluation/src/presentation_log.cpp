#include <map>
#include <string>

#include <fmt/format.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/evaluation/presentation_log.h>

namespace shogo::evaluation {
namespace {

using statistics::Presentation;
using statistics::Response;
using Row = std::map<std::string, std::string, std::less<>>;

Error wrong(std::string_view name, std::size_t line, std::string what) {
  return Error{Code::kInvalid, fmt::format("{}:{}: {}", name, line, what)};
}

std::string_view get(const Row& row, std::string_view key) {
  const auto at = row.find(key);
  return at == row.end() ? std::string_view() : std::string_view(at->second);
}

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

Result<Row> json_row(std::string_view text, std::string_view name, std::size_t line) {
  const std::string where = fmt::format("{}:{}", name, line);
  SHOGO_TRY(const json::value value, parse_json(text, where));
  if (!value.is_object()) return wrong(name, line, "expected a JSON object on each line");
  Row row;
  for (const auto& [key, field] : value.get_object()) {
    if (field.is_string())
      row.emplace(std::string(key), std::string(field.get_string()));
    else if (field.is_int64())
      row.emplace(std::string(key), std::to_string(field.get_int64()));
  }
  return row;
}

std::vector<std::string> fields(std::string_view line) {
  std::vector<std::string> list;
  for (std::size_t at = 0;;) {
    const std::size_t end = line.find(',', at);
    std::string_view field = line.substr(at, end == std::string_view::npos ? end : end - at);
    while (!field.empty() && field.front() == ' ') field.remove_prefix(1);
    while (!field.empty() && field.back() == ' ') field.remove_suffix(1);
    list.emplace_back(field);
    if (end == std::string_view::npos) return list;
    at = end + 1;
  }
}

}  // namespace

Result<std::vector<Presentation>> parse_presentations(std::string_view text, std::string_view name) {
  std::vector<Presentation> log;
  std::vector<std::string> header;
  bool is_json = false, first = true;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    std::string_view content = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (content.ends_with('\r')) content.remove_suffix(1);
    if (content.empty() || content.front() == '#') continue;
    if (first) is_json = content.front() == '{';
    Row row;
    if (is_json) {
      SHOGO_TRY(row, json_row(content, name, line));
    } else if (content.find('"') != std::string_view::npos) {
      return wrong(name, line, "quoted fields are not read; write the file without quotes");
    } else if (first) {
      header = fields(content);
    } else {
      const std::vector<std::string> values = fields(content);
      if (values.size() != header.size())
        return wrong(
            name, line,
            fmt::format("expected {} fields as in the header, found {}{}", header.size(), values.size(),
                        end == std::string_view::npos ? "; is the file truncated?" : ""));
      for (std::size_t i = 0; i < values.size(); ++i) row.emplace(header[i], values[i]);
    }
    const bool header_line = first && !is_json;
    first = false;
    if (header_line) continue;
    SHOGO_TRY(Presentation made, presentation_of(row, name, line));
    log.push_back(std::move(made));
  }
  if (log.empty()) return Error{Code::kInvalid, fmt::format("{}: there is no presentation in it", name)};
  return log;
}

Result<std::vector<Presentation>> read_presentations(const std::filesystem::path& file) {
  constexpr std::size_t kLimit = std::size_t{1} << 31;
  SHOGO_TRY(const std::string text, read_text(file, kLimit));
  return parse_presentations(text, file.string());
}

}  // namespace shogo::evaluation
