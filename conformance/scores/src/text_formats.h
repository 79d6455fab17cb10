// Readers of text score files. Each gets the whole text and a name for messages.
#pragma once

#include <string_view>
#include <vector>

#include <shogo/base/result.h>
#include <shogo/scores/score_set.h>

namespace shogo::scores {

[[nodiscard]] Result<ScoreSet> parse_bob(std::string_view text, std::string_view name, std::size_t columns);
[[nodiscard]] Result<ScoreSet> parse_frvt(std::string_view text, std::string_view name);
[[nodiscard]] Result<ScoreSet> parse_csv(std::string_view text, std::string_view name);
/// One score a line.
[[nodiscard]] Result<std::vector<float>> parse_list(std::string_view text, std::string_view name);

/// Words between blanks and tabs.
[[nodiscard]] std::vector<std::string_view> words_of(std::string_view line);
/// Fields between commas; quotes are not supported and refused by the caller.
[[nodiscard]] std::vector<std::string_view> fields_of(std::string_view line);
/// Takes the first line off `text`, without its line end.
[[nodiscard]] std::string_view take_line(std::string_view& text);

}  // namespace shogo::scores
