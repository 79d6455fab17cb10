#include "thresholds.h"
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include <shogo/base/rng.h>
#include <shogo/evaluation/matching.h>
#include <shogo/statistics/binomial.h>

namespace shogo::evaluation {
namespace {

using scores::OperatingPoint;
using scores::ScoreSet;
using statistics::ClusterCount;
using statistics::DesignEffect;
using statistics::RateVerdict;

/// Sum over unordered pairs {a, b} of (trials on that pair)².
double cell_squares(const ScoreSet& set) {
  const std::uint64_t n = set.subjects();
  const auto cell = [&](std::size_t i) {
    const std::uint64_t a = std::min(set.impostor_claimed()[i], set.impostor_probe()[i]);
    const std::uint64_t b = std::max(set.impostor_claimed()[i], set.impostor_probe()[i]);
    return b * (b - 1) / 2 + a;
  };
  constexpr std::uint64_t kTable = std::uint64_t{1} << 26;
  double sum = 0;
  // A table of mostly empty cells costs more than sorting the few that are not.
  if (n * (n - 1) / 2 <= std::min(kTable, 8 * std::uint64_t{set.impostor().size()})) {
    std::vector<std::uint32_t> counts(static_cast<std::size_t>(n * (n - 1) / 2));
    // (c + 1)² - c² at each visit adds up to the square.
    for (std::size_t i = 0; i < set.impostor().size(); ++i)
      sum += 2 * static_cast<double>(counts[static_cast<std::size_t>(cell(i))]++) + 1;
    return sum;
  }
  std::vector<std::uint64_t> cells(set.impostor().size());
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = cell(i);
  std::sort(cells.begin(), cells.end());
  for (std::size_t i = 0; i < cells.size();) {
    std::size_t end = i;
    while (end < cells.size() && cells[end] == cells[i]) ++end;
    sum += static_cast<double>(end - i) * static_cast<double>(end - i);
    i = end;
  }
  return sum;
}

void weaken(statistics::Rate& rate) {
  if (!rate.verdict || !rate.limit) return;
  if (rate.verdict == RateVerdict::kProvenKept) rate.verdict = RateVerdict::kShown;
  if (rate.verdict == RateVerdict::kProvenBroken) rate.verdict = RateVerdict::kNotShown;
}

Result<void> judge_at(const ScoreSet& set, float threshold, const MatchingInput& input,
                      MatchingReport& report) {
  SHOGO_TRY(report.point, scores::at_threshold(set.genuine(), set.impostor(), threshold));
  DesignEffect genuine = statistics::independent(), impostor = genuine;
  if (input.independent) {
    genuine.method = impostor.method = "independence declared";
  } else if (set.has_subjects()) {
    genuine = genuine_effect(set, threshold);
    impostor = impostor_effect(set, threshold, input.fmr.value, input.subject_share);
  } else {
    genuine.method = impostor.method = "subjects unknown";
  }
  const auto count = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
  SHOGO_TRY(report.fmr,
            statistics::judge_rate({"FMR", count(report.point.false_matches), count(report.point.impostor),
                                    impostor, input.confidence, input.fmr, 0}));
  SHOGO_TRY(report.fnmr,
            statistics::judge_rate({"FNMR", count(report.point.false_non_matches + set.genuine_failures),
                                    count(report.point.genuine + set.genuine_failures), genuine,
                                    input.confidence, input.fnmr, 0}));
  if (set.genuine_failures > 0)
    report.notes.push_back(
        fmt::format("{} genuine comparisons gave no score; they count as non-matches", set.genuine_failures));
  if (set.impostor_failures > 0)
    report.notes.push_back(
        fmt::format("{} impostor comparisons gave no score; they are left out", set.impostor_failures));
  if (!set.has_subjects() && !input.independent) {
    weaken(report.fmr);
    weaken(report.fnmr);
    report.notes.emplace_back(
        "the scores do not say who was compared, so nothing is proven: give subjects, or declare "
        "--independent");
  }
  return {};
}

Result<MatchingReport> judge_split(const ScoreSet& set, const MatchingInput& input) {
  if (!set.has_subjects())
    return Error{
        Code::kUnsupported,
        "halves without common people need subjects; these scores have none (mode swept only describes)"};
  const std::vector<std::uint8_t> half = halves(set.subjects(), input.seed);
  MatchingReport report;
  report.mode = ThresholdMode::kSplit;
  SHOGO_TRY(const ScoreSet first, part_of(set, half, 0));
  SHOGO_TRY(ScoreSet second, part_of(set, half, 1));
  second.genuine_failures = set.genuine_failures;
  second.impostor_failures = set.impostor_failures;
  report.left_out = set.impostor().size() - first.impostor().size() - second.impostor().size();
  const std::optional<float> bounded = strict_threshold(first, input);
  if (!bounded) {
    SHOGO_TRY(const auto evaluated, scores::evaluate(first.genuine(), first.impostor(), input.target_fmr));
    SHOGO_CHECK_OK(judge_at(second, evaluated.point.threshold, input, report));
    report.notes.emplace_back(
        "the first half is too small for a threshold whose bound keeps the FMR; its estimate keeps it, and "
        "both rates "
        "are judged on the second half");
    return report;
  }
  SHOGO_CHECK_OK(judge_at(second, *bounded, input, report));
  statistics::Rate check = report.fmr;
  check.limit.reset();
  check.verdict.reset();
  check.more_without_error.reset();
  check.more_at_this_rate.reset();
  report.fmr_check = std::move(check);
  MatchingReport setting;
  SHOGO_CHECK_OK(judge_at(first, *bounded, input, setting));
  report.fmr = std::move(setting.fmr);
  report.fmr.method += "; this bound set the threshold";
  return report;
}

}  // namespace

std::string_view to_string(ThresholdMode mode) {
  switch (mode) {
    case ThresholdMode::kFixed:
      return "fixed";
    case ThresholdMode::kSplit:
      return "split";
    case ThresholdMode::kSwept:
      return "swept";
  }
  return "";
}

DesignEffect genuine_effect(const ScoreSet& set, float threshold) {
  std::vector<ClusterCount> clusters(set.subjects());
  for (std::size_t i = 0; i < set.genuine().size(); ++i) {
    ClusterCount& cluster = clusters[set.genuine_subject()[i]];
    ++cluster.trials;
    cluster.errors += set.genuine()[i] < threshold ? 1 : 0;
  }
  // Whose failures they were is not known: the cautious guess is one person's.
  const auto failures = static_cast<std::int64_t>(set.genuine_failures);
  if (failures > 0) clusters.push_back({failures, failures});
  return statistics::clustered(clusters);
}

DesignEffect impostor_effect(const ScoreSet& set, float threshold, double limit, double subject_share) {
  statistics::PairCounts counts;
  counts.subjects.resize(set.subjects());
  counts.trials = static_cast<std::int64_t>(set.impostor().size());
  std::vector<statistics::PairTrial> errors;
  for (std::size_t i = 0; i < set.impostor().size(); ++i) {
    const std::uint32_t a = set.impostor_claimed()[i], b = set.impostor_probe()[i];
    const bool error = set.impostor()[i] >= threshold;
    for (const std::uint32_t subject : {a, b}) {
      ++counts.subjects[subject].trials;
      counts.subjects[subject].errors += error ? 1 : 0;
    }
    if (error) errors.push_back({a, b, 1, 1});
  }
  counts.errors = static_cast<std::int64_t>(errors.size());
  counts.cell_ee = statistics::count_pairs(errors).cell_ee;
  // Trials on a pair with errors, times those errors: at most a few a pair, and multiplied with a small rate.
  counts.cell_tt = cell_squares(set);
  counts.cell_et = static_cast<double>(counts.errors) * counts.cell_tt / static_cast<double>(counts.trials);
  return statistics::paired(counts, limit, subject_share);
}

std::vector<std::uint8_t> halves(std::uint32_t subjects, std::uint64_t seed) {
  std::vector<std::uint8_t> half(subjects);
  for (std::size_t i = 0; i < half.size(); ++i) half[i] = static_cast<std::uint8_t>(i % 2);
  Rng rng(seed, "evaluation.halves");
  rng.shuffle(half);
  return half;
}

Result<ScoreSet> part_of(const ScoreSet& set, const std::vector<std::uint8_t>& half_of, std::uint8_t half) {
  scores::ScoreColumns columns;
  columns.subjects = set.subjects();
  for (std::size_t i = 0; i < set.genuine().size(); ++i) {
    const std::uint32_t subject = set.genuine_subject()[i];
    if (half_of[subject] != half) continue;
    columns.genuine.push_back(set.genuine()[i]);
    columns.genuine_subject.push_back(subject);
  }
  for (std::size_t i = 0; i < set.impostor().size(); ++i) {
    const std::uint32_t a = set.impostor_claimed()[i], b = set.impostor_probe()[i];
    if (half_of[a] != half || half_of[b] != half) continue;
    columns.impostor.push_back(set.impostor()[i]);
    columns.impostor_claimed.push_back(a);
    columns.impostor_probe.push_back(b);
  }
  return ScoreSet::of(std::move(columns));
}

Result<MatchingReport> judge_matching(const ScoreSet& set, const MatchingInput& input) {
  if (!(input.target_fmr > 0 && input.target_fmr < 1))
    return Error{Code::kInvalid,
                 fmt::format("the target FMR must lie between 0 and 1, not at {}", input.target_fmr)};
  if (!(input.subject_share >= 0 && input.subject_share < 0.5))
    return Error{Code::kInvalid, "a subject's share of the score variance must lie in [0, 0.5)"};
  const ThresholdMode mode = input.mode           ? *input.mode
                             : input.threshold    ? ThresholdMode::kFixed
                             : set.has_subjects() ? ThresholdMode::kSplit
                                                  : ThresholdMode::kSwept;
  if ((mode == ThresholdMode::kFixed) != input.threshold.has_value())
    return Error{Code::kInvalid, "mode fixed needs a threshold, and a given threshold means mode fixed"};
  if (mode == ThresholdMode::kSplit) return judge_split(set, input);
  MatchingReport report;
  report.mode = mode;
  if (mode == ThresholdMode::kFixed) {
    SHOGO_CHECK_OK(judge_at(set, *input.threshold, input, report));
    return report;
  }
  SHOGO_TRY(const auto evaluated, scores::evaluate(set.genuine(), set.impostor(), input.target_fmr));
  SHOGO_CHECK_OK(judge_at(set, evaluated.point.threshold, input, report));
  weaken(report.fmr);
  weaken(report.fnmr);
  report.notes.emplace_back(
      "the threshold was set on the scores that it is judged by: this describes and proves nothing");
  return report;
}

json::object to_json(const MatchingReport& report) {
  json::array notes;
  for (const std::string& note : report.notes) notes.emplace_back(note);
  json::value check = nullptr;
  if (report.fmr_check) check = statistics::to_json(*report.fmr_check);
  return {{"threshold_mode", to_string(report.mode)},
          {"threshold", static_cast<double>(report.point.threshold)},
          {"rule", "match if and only if score >= threshold"},
          {"FMR", statistics::to_json(report.fmr)},
          {"FNMR", statistics::to_json(report.fnmr)},
          {"FMR_second_half", std::move(check)},
          {"impostor_left_out", report.left_out},
          {"notes", std::move(notes)}};
}

}  // namespace shogo::evaluation
