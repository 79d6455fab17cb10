#include <algorithm>

#include <fmt/format.h>

#include <shogo/evaluation/people.h>
#include <shogo/statistics/binomial.h>

namespace shogo::evaluation {
namespace {

using statistics::ClusterCount;

struct Touched {
  std::vector<ClusterCount> own, foreign;  ///< genuine errors of each person; impostor errors that touch him
};

Touched errors_by_person(const scores::ScoreSet& set, float threshold) {
  Touched touched{std::vector<ClusterCount>(set.subjects()), std::vector<ClusterCount>(set.subjects())};
  for (std::size_t i = 0; i < set.genuine().size(); ++i) {
    ClusterCount& count = touched.own[set.genuine_subject()[i]];
    ++count.trials;
    count.errors += set.genuine()[i] < threshold ? 1 : 0;
  }
  for (std::size_t i = 0; i < set.impostor().size(); ++i)
    for (const std::uint32_t subject : {set.impostor_claimed()[i], set.impostor_probe()[i]}) {
      ClusterCount& count = touched.foreign[subject];
      ++count.trials;
      count.errors += set.impostor()[i] >= threshold ? 1 : 0;
    }
  return touched;
}

std::string name_of(const scores::ScoreSet& set, std::uint32_t subject) {
  return set.names.empty() ? fmt::format("{}", subject) : set.names[subject];
}

void add_unlikely(const scores::ScoreSet& set, const std::vector<ClusterCount>& counts, bool goat,
                  std::vector<Animal>& animals) {
  ClusterCount all;
  double people = 0;
  for (const ClusterCount& count : counts) {
    all.errors += count.errors;
    all.trials += count.trials;
    people += count.trials > 0 ? 1 : 0;
  }
  if (all.errors == 0 || all.errors == all.trials) return;
  for (std::uint32_t subject = 0; subject < counts.size(); ++subject) {
    const ClusterCount& count = counts[subject];
    const std::int64_t others = all.trials - count.trials;
    if (count.errors == 0 || others == 0) continue;
    // The rate of everybody else, and half an error more: one person's own errors must not excuse him.
    const double rate =
        (static_cast<double>(all.errors - count.errors) + 0.5) / (static_cast<double>(others) + 0.5);
    const double chance = 1 - statistics::binomial_cdf(static_cast<double>(count.errors - 1),
                                                       static_cast<double>(count.trials), rate);
    const double corrected = std::min(1.0, chance * people);
    if (corrected < 0.05)
      animals.push_back({name_of(set, subject), subject, goat, count.errors, count.trials, corrected});
  }
}

Error needs_subjects() {
  return Error{Code::kUnsupported, "the scores do not say who was compared, so there is nobody to look at"};
}

}  // namespace

Result<std::vector<Animal>> find_animals(const scores::ScoreSet& set, float threshold) {
  if (!set.has_subjects()) return needs_subjects();
  const Touched touched = errors_by_person(set, threshold);
  std::vector<Animal> animals;
  add_unlikely(set, touched.own, true, animals);
  add_unlikely(set, touched.foreign, false, animals);
  std::stable_sort(animals.begin(), animals.end(),
                   [](const Animal& a, const Animal& b) { return a.chance < b.chance; });
  return animals;
}

json::array to_json(const std::vector<Animal>& animals) {
  json::array list;
  for (const Animal& animal : animals)
    list.push_back(json::object{{"subject", animal.subject},
                                {"kind", animal.goat ? "goat" : "lamb_or_wolf"},
                                {"k", animal.errors},
                                {"n", animal.trials},
                                {"chance", animal.chance}});
  return list;
}

Result<GroupReport> judge_groups(const scores::ScoreSet& set,
                                 const std::map<std::string, std::string, std::less<>>& group_of,
                                 const MatchingInput& input, float threshold) {
  if (!set.has_subjects()) return needs_subjects();
  std::map<std::string, std::uint8_t> numbers;
  std::vector<std::uint8_t> number_of(set.subjects());
  std::map<std::string, std::uint32_t> people;
  for (std::uint32_t subject = 0; subject < set.subjects(); ++subject) {
    const auto group = group_of.find(name_of(set, subject));
    if (group == group_of.end())
      return Error{Code::kInvalid, fmt::format("subject \"{}\" is in no group", name_of(set, subject))};
    if (numbers.size() == 255 && !numbers.contains(group->second))
      return Error{Code::kInvalid, "more than 255 groups: too many to say anything of one"};
    number_of[subject] =
        numbers.emplace(group->second, static_cast<std::uint8_t>(numbers.size())).first->second;
    ++people[group->second];
  }
  GroupReport report;
  report.across = set.impostor().size();
  report.confidence_each = 1 - (1 - input.confidence) / static_cast<double>(numbers.size());
  for (const auto& [group, number] : numbers) {
    GroupRates rates;
    rates.group = group;
    rates.people = people[group];
    std::vector<ClusterCount> own(set.subjects());
    ClusterCount genuine;
    for (std::size_t i = 0; i < set.genuine().size(); ++i) {
      const std::uint32_t subject = set.genuine_subject()[i];
      if (number_of[subject] != number) continue;
      const int error = set.genuine()[i] < threshold ? 1 : 0;
      for (ClusterCount* count : {&own[subject], &genuine}) {
        ++count->trials;
        count->errors += error;
      }
    }
    if (genuine.trials > 0) {
      SHOGO_TRY(rates.fnmr,
                statistics::judge_rate({"FNMR", genuine.errors, genuine.trials, statistics::clustered(own),
                                        report.confidence_each, input.fnmr, 0}));
    }
    std::vector<statistics::PairTrial> pairs;
    for (std::size_t i = 0; i < set.impostor().size(); ++i) {
      const std::uint32_t a = set.impostor_claimed()[i], b = set.impostor_probe()[i];
      if (number_of[a] == number && number_of[b] == number)
        pairs.push_back({a, b, set.impostor()[i] >= threshold ? 1 : 0, 1});
    }
    if (!pairs.empty()) {
      report.across -= pairs.size();
      const statistics::PairCounts counts = statistics::count_pairs(pairs);
      SHOGO_TRY(rates.fmr,
                statistics::judge_rate({"FMR", counts.errors, counts.trials,
                                        statistics::paired(counts, input.fmr.value, input.subject_share),
                                        report.confidence_each, input.fmr, 0}));
    }
    report.groups.push_back(std::move(rates));
  }
  return report;
}

json::object to_json(const GroupReport& report) {
  const auto maybe = [](const std::optional<statistics::Rate>& rate) -> json::value {
    if (!rate) return nullptr;
    return statistics::to_json(*rate);
  };
  json::array groups;
  for (const GroupRates& group : report.groups)
    groups.push_back(json::object{{"group", group.group},
                                  {"people", group.people},
                                  {"FMR", maybe(group.fmr)},
                                  {"FNMR", maybe(group.fnmr)}});
  return {{"groups", std::move(groups)},
          {"impostor_across_groups", report.across},
          {"confidence_of_each_bound", report.confidence_each},
          {"note", "all bounds of all groups hold together at the overall confidence (Bonferroni)"}};
}

Result<std::map<std::string, std::string, std::less<>>> parse_groups(std::string_view text,
                                                                     std::string_view name) {
  std::map<std::string, std::string, std::less<>> groups;
  bool header = true;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    std::string_view row = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (row.ends_with('\r')) row.remove_suffix(1);
    if (row.empty()) continue;
    const std::size_t comma = row.find(',');
    const auto wrong = [&](std::string_view what) {
      return Error{Code::kInvalid, fmt::format("{}:{}: {}", name, line, what)};
    };
    if (comma == std::string_view::npos || row.find(',', comma + 1) != std::string_view::npos)
      return wrong("expected two fields, subject,group");
    const std::string_view subject = row.substr(0, comma), group = row.substr(comma + 1);
    if (header) {
      if (subject != "subject" || group != "group") return wrong("expected the header subject,group");
      header = false;
      continue;
    }
    if (subject.empty() || group.empty()) return wrong("a field is empty");
    if (!groups.emplace(subject, group).second) return wrong("this subject stands in a line before");
  }
  if (groups.empty()) return Error{Code::kInvalid, fmt::format("{}: there is no group in it", name)};
  return groups;
}

}  // namespace shogo::evaluation
