// Who makes the errors: single people (the "zoo" of biometrics) and groups of people. Pure functions, any
// thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/json_reader.h>
#include <shogo/base/result.h>
#include <shogo/evaluation/matching.h>
#include <shogo/scores/score_set.h>

namespace shogo::evaluation {

/// One person with more errors than chance explains at the common rate, corrected for the number of people
/// looked at.
struct Animal {
  std::string subject;
  std::uint32_t number = 0;  ///< of the person in the scores
  bool goat =
      false;  ///< refused too often; else lamb or wolf: taken for others, or others for him, too often
  std::int64_t errors = 0, trials = 0;
  double chance = 1;  ///< of so many errors or more, times the number of people (Bonferroni), at most 1
};
/// Those with chance < 5 %, least likely first. Needs subjects.
[[nodiscard]] Result<std::vector<Animal>> find_animals(const scores::ScoreSet& set, float threshold);
[[nodiscard]] json::array to_json(const std::vector<Animal>& animals);

/// Rates of one group of people: genuine comparisons of its members, impostor comparisons among its members.
struct GroupRates {
  std::string group;
  std::uint32_t people = 0;
  std::optional<statistics::Rate> fmr, fnmr;  ///< none without comparisons
};
struct GroupReport {
  std::vector<GroupRates> groups;
  std::uint64_t across = 0;  ///< impostor comparisons between groups, in no group's rate
  /// Each bound of `groups` is at 1 - 5 % / (number of groups): all of them hold together at 95 %.
  double confidence_each = 0;
};
/// At one threshold for all. Every subject must be in a group: nobody is left out in silence.
[[nodiscard]] Result<GroupReport> judge_groups(
    const scores::ScoreSet& set, const std::map<std::string, std::string, std::less<>>& group_of,
    const MatchingInput& input, float threshold);
[[nodiscard]] json::object to_json(const GroupReport& report);

/// CSV "subject,group" with that header.
[[nodiscard]] Result<std::map<std::string, std::string, std::less<>>> parse_groups(std::string_view text,
                                                                                   std::string_view name);

}  // namespace shogo::evaluation
