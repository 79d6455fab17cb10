// Collects comparisons row by row for the text readers: numbers subjects, finds pairs that come twice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <shogo/base/result.h>
#include <shogo/scores/score_set.h>

namespace shogo::scores {

class Builder {
 public:
  /// `place` says "name:line" for messages.
  struct Place {
    std::string_view name;
    std::size_t line = 0;
  };
  [[nodiscard]] Result<float> score(std::string_view text, const Place& place) const;
  void add(bool genuine, float score);
  void add(std::string_view claimed, std::string_view probe, float score);
  /// A comparison without a score.
  void add_failure(bool genuine);
  /// Names the two samples compared; the same two twice is an error.
  [[nodiscard]] Result<void> samples(std::string_view reference, std::string_view probe, const Place& place);
  [[nodiscard]] Result<ScoreSet> finish(std::string_view name, std::string_view format);

 private:
  std::uint32_t number(std::string_view subject);
  ScoreColumns columns_;
  std::uint64_t genuine_failures_ = 0, impostor_failures_ = 0;
  bool with_subjects_ = false;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> seen_;
};

/// Turns distances round if asked, and refuses scores that are not finite or run the wrong way.
[[nodiscard]] Result<ScoreSet> oriented(ScoreSet set, std::string_view name, bool lower_is_similar);

}  // namespace shogo::scores
