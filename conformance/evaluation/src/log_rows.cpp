#include "log_rows.h"

#include <vector>

#include <fmt/format.h>

#include <shogo/base/json_reader.h>

namespace shogo::evaluation {
namespace {

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

Error wrong(std::string_view name, std::size_t line, std::string what) {
  return Error{Code::kInvalid, fmt::format("{}:{}: {}", name, line, what)};
}

std::string_view get(const Row& row, std::string_view key) {
  const auto at = row.find(key);
  return at == row.end() ? std::string_view() : std::string_view(at->second);
}

Result<void> for_each_row(std::string_view text, std::string_view name,
                          const std::function<Result<void>(const Row&, std::size_t line)>& take) {
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
    if (!header_line) SHOGO_CHECK_OK(take(row, line));
  }
  return {};
}

}  // namespace shogo::evaluation
