// Logs row by row: JSON lines, or CSV with a header and without quotes; told apart by the first character.
// Lines that begin with # are remarks.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <shogo/base/result.h>

namespace shogo::evaluation {

using Row = std::map<std::string, std::string, std::less<>>;

/// "name:line: what".
[[nodiscard]] Error wrong(std::string_view name, std::size_t line, std::string what);
/// Empty when the row has no such column.
[[nodiscard]] std::string_view get(const Row& row, std::string_view key);
[[nodiscard]] Result<void> for_each_row(
    std::string_view text, std::string_view name,
    const std::function<Result<void>(const Row&, std::size_t line)>& take);

}  // namespace shogo::evaluation
