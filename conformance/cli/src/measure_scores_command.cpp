#include "commands.h"
#include "measure_command.h"
#include "plot_file.h"
#include <algorithm>

#include <fmt/format.h>

#include <shogo/base/file.h>
#include <shogo/evaluation/matching.h>
#include <shogo/evaluation/people.h>
#include <shogo/evaluation/plots.h>
#include <shogo/scores/det.h>
#include <shogo/statistics/bootstrap.h>

namespace shogo::conformance {
namespace {

constexpr Option kFmrOption{"--fmr", "LIMIT",
                            "of the false match rate, and where a threshold is put (default 1e-4, 3-6)"};
constexpr Option kFnmrOption{"--fnmr", "LIMIT",
                             "of the false non-match rate (default 0.3%, 3-6); \"<1%\" is strict"};
constexpr Option kThresholdOption{"--threshold", "T", "judge at this score: the device's own setting"};
constexpr Option kModeOption{"--mode", "NAME",
                             "fixed, split or swept (default: split when people are named, else swept)"};
constexpr Option kIndependentOption{"--independent", "", "declare that no two comparisons share a person"};
constexpr Option kShareOption{"--subject-share", "S",
                              "share of the score variance a person brings (default 0.3)"};
constexpr Option kHalvesSeedOption{"--seed", "N", "of the random halves (default 1)"};

const CommandHelp kScoresHelp{
    "measure scores",
    "FILE [--threshold T] [--fmr LIMIT] [--fnmr LIMIT] [OPTIONS]",
    "Judges a matcher by its comparison scores: false match rate and false non-match rate with bounds that "
    "respect\n"
    "what the comparisons share, and a verdict. A comparison matches if and only if score >= threshold.\n\n"
    "proven kept    the upper bound keeps the limit: the data prove it\n"
    "shown          the estimate keeps it; more trials are needed to prove it\n"
    "not shown      the estimate does not keep it, but that may be chance\n"
    "proven broken  the lower bound breaks it\n\n"
    "fixed  --threshold was given: both rates on all scores.\n"
    "split  people are divided; the threshold is set on one half and FNMR judged on the other.\n"
    "swept  threshold and rates from the same scores: a description, never a proof.",
    {kThresholdOption,
     kFmrOption,
     kFnmrOption,
     kModeOption,
     kImpostorOption,
     kFormatOption,
     kDistanceOption,
     kIndependentOption,
     kShareOption,
     kConfidenceOption,
     kHalvesSeedOption,
     kJsonOption,
     {"--bootstrap", "N",
      "also draw the people N times with replacement: bounds beside the closed form (take 1000)"},
     {"--groups", "FILE", "CSV subject,group: both rates for each group, bounds that hold together"},
     kPlotOption,
     kZooOption,
     {"--write", "FILE", "the scores again, as .scores (mapped, fast), .npz, .csv or .bob4 by the ending"}},
    "  shogo measure scores scores-dev --fmr 1e-4 --fnmr 0.3%\n"
    "  shogo measure scores mine.npz --threshold 0.42 --json -\n"
    "  shogo measure scores genuine.txt --impostor impostor.txt --distance --independent",
    "  0  both rates proven kept\n  1  a rate proven broken\n  2  wrong usage, or scores that cannot be "
    "judged\n"
    "  3  undecided"};

const CommandHelp kDetHelp{"measure det",
                           "FILE [--plot FILE] [--csv FILE] [OPTIONS]",
                           "Detection error trade-off: FNMR over FMR for all thresholds, with exact counts, "
                           "the equal error rate, and a table of\n"
                           "usual operating points. \"At FMR 0.01 %\" is the lowest threshold at which at "
                           "most 0.01 % match, never the nearest.",
                           {{"--plot", "FILE", "the curve with limits and bounds, as .svg or .png"},
                            {"--csv", "FILE", "threshold, counts and rates at up to 65 536 thresholds"},
                            kFmrOption,
                            kFnmrOption,
                            kImpostorOption,
                            kFormatOption,
                            kDistanceOption,
                            kIndependentOption,
                            kShareOption,
                            kConfidenceOption,
                            kJsonOption},
                           "  shogo measure det scores-dev --plot det.png\n  shogo measure det mine.scores "
                           "--csv det.csv --json det.json",
                           "  0  done\n  2  wrong usage, or scores that cannot be judged"};

Result<evaluation::MatchingInput> matching_input(const Arguments& arguments) {
  evaluation::MatchingInput input;
  SHOGO_TRY(input.fmr, limit_of(arguments, "--fmr", input.fmr));
  SHOGO_TRY(input.fnmr, limit_of(arguments, "--fnmr", input.fnmr));
  SHOGO_TRY(input.confidence, share_of(arguments, "--confidence", input.confidence));
  SHOGO_TRY(input.subject_share, share_of(arguments, "--subject-share", input.subject_share));
  input.target_fmr = input.fmr.value;
  input.independent = arguments.has("--independent");
  return input;
}

Result<void> write_again(const std::filesystem::path& file, const scores::ScoreSet& set) {
  const std::string ending = file.extension().string();
  const auto format = scores::format_from(ending.empty() ? ending : ending.substr(1));
  if (!format) return Error{Code::kInvalid, "--write: the file must end in .scores, .npz, .csv or .bob4"};
  return scores::export_scores(file, set, *format);
}

/// Who makes the errors: single people always, groups when asked for.
Result<void> add_people(const Arguments& arguments, const scores::ScoreSet& set,
                        const evaluation::MatchingInput& input, const evaluation::MatchingReport& report,
                        json::object& value, std::string& table) {
  if (set.has_subjects()) {
    SHOGO_TRY(const auto animals, evaluation::find_animals(set, report.point.threshold));
    constexpr std::size_t kShown = 5;
    for (std::size_t i = 0; i < animals.size() && i < kShown; ++i)
      table += fmt::format("{}   \"{}\": {} of {} comparisons, more than chance explains\n",
                           animals[i].goat ? "goat" : "lamb", animals[i].subject, animals[i].errors,
                           animals[i].trials);
    if (animals.size() > kShown)
      table += fmt::format("       and {} more, see --json\n", animals.size() - kShown);
    value["zoo"] = evaluation::to_json(animals);
  }
  if (!arguments.has("--groups")) return {};
  const std::string file = arguments.get("--groups");
  SHOGO_TRY(const std::string text, read_text(file));
  SHOGO_TRY(const auto group_of, evaluation::parse_groups(text, file));
  SHOGO_TRY(const auto groups, evaluation::judge_groups(set, group_of, input, report.point.threshold));
  for (const evaluation::GroupRates& group : groups.groups)
    for (const auto* rate : {&group.fmr, &group.fnmr})
      if (*rate)
        table += fmt::format("group  {} ({} people): {}\n", group.group, group.people,
                             statistics::describe(**rate));
  value["demographics"] = to_json(groups);
  return {};
}

/// Is every pair of people there exactly once? Then their false matches can be resampled by people.
bool is_complete(const scores::ScoreSet& set) {
  const std::uint64_t people = set.subjects();
  if (set.impostor().size() != people * (people - 1) / 2) return false;
  std::vector<std::uint32_t> met(set.subjects());
  for (std::size_t i = 0; i < set.impostor().size(); ++i) {
    ++met[set.impostor_claimed()[i]];
    ++met[set.impostor_probe()[i]];
  }
  return std::all_of(met.begin(), met.end(), [&](std::uint32_t times) { return times == people - 1; });
}

/// Bounds of both rates at the threshold, on all scores, from drawing people with replacement.
Result<void> add_bootstrap(const Arguments& arguments, const scores::ScoreSet& set,
                           const evaluation::MatchingInput& input, float threshold,
                           evaluation::ThresholdMode mode, json::object& value, std::string& table) {
  if (!arguments.has("--bootstrap")) return {};
  SHOGO_TRY(const std::uint64_t replicates, count_of(arguments, "--bootstrap", 1000));
  if (replicates > 1'000'000) return Error{Code::kInvalid, "--bootstrap: a million replicates are enough"};
  if (!set.has_subjects())
    return Error{Code::kUnsupported,
                 "--bootstrap draws people, and these scores do not say who was compared"};
  const auto times = static_cast<int>(replicates);
  std::vector<statistics::ClusterCount> own(set.subjects());
  for (std::size_t i = 0; i < set.genuine().size(); ++i) {
    ++own[set.genuine_subject()[i]].trials;
    own[set.genuine_subject()[i]].errors += set.genuine()[i] < threshold ? 1 : 0;
  }
  json::object bounds{{"replicates", times}};
  const auto add = [&](const char* name, const statistics::BootstrapInterval& interval) {
    bounds[name] = json::object{{"lower", interval.lower}, {"upper", interval.upper}};
    table += fmt::format("resampled {:<5} {} .. {} ({} draws of the people, all scores)\n", name,
                         statistics::percent(interval.lower), statistics::percent(interval.upper), times);
  };
  SHOGO_TRY(const auto fnmr, statistics::bootstrap_clusters(own, times, input.confidence, input.seed));
  add("FNMR", fnmr);
  if (is_complete(set) && mode == evaluation::ThresholdMode::kSwept) {
    statistics::SweptScores all;
    for (std::size_t i = 0; i < set.impostor().size(); ++i)
      all.impostor.push_back({set.impostor()[i], set.impostor_claimed()[i], set.impostor_probe()[i]});
    for (std::size_t i = 0; i < set.genuine().size(); ++i)
      all.genuine.push_back({set.genuine()[i], set.genuine_subject()[i]});
    SHOGO_TRY(const auto joint, statistics::bootstrap_swept(all, set.subjects(), input.target_fmr, times,
                                                            input.confidence, input.seed));
    add("FNMR with threshold", joint);
  }
  if (is_complete(set)) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> errors;
    for (std::size_t i = 0; i < set.impostor().size(); ++i)
      if (set.impostor()[i] >= threshold)
        errors.emplace_back(set.impostor_claimed()[i], set.impostor_probe()[i]);
    SHOGO_TRY(const auto fmr,
              statistics::bootstrap_pairs(set.subjects(), errors, times, input.confidence, input.seed));
    add("FMR", fmr);
  } else {
    table += "resampled FMR   needs every two people compared exactly once\n";
  }
  value["bootstrap"] = std::move(bounds);
  return {};
}

Result<int> judge(const Arguments& arguments, Terminal& terminal) {
  SHOGO_CHECK_OK(check_plots(arguments));
  SHOGO_TRY(const scores::ScoreSet set, scores_of(arguments));
  return judge_scores(arguments, terminal, set, {{"input", input_json(arguments, set)}}, input_line(set),
                      arguments.has("--distance"));
}

Result<int> det(const Arguments& arguments, Terminal& terminal) {
  SHOGO_CHECK_OK(check_plots(arguments));
  SHOGO_TRY(evaluation::MatchingInput input, matching_input(arguments));
  SHOGO_TRY(const scores::ScoreSet set, scores_of(arguments));
  SHOGO_TRY(const auto evaluated, scores::evaluate(set.genuine(), set.impostor(), input.target_fmr));
  SHOGO_TRY(const auto summary, scores::summarise_det(set.genuine(), set.impostor()));
  input.mode = evaluation::ThresholdMode::kSwept;
  SHOGO_TRY(const auto report, judge_matching(set, input));

  std::string table = input_line(set);
  table += fmt::format("EER    {} at threshold {:.9g} ({} thresholds)\n\n",
                       statistics::percent(summary.eer()), summary.equal_error.threshold, summary.points);
  table += "FMR at most   FMR          FNMR         upper bound of FNMR   threshold\n";
  json::array rows;
  for (const double target : {0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6}) {
    // Fewer than one error allowed: the row would only repeat the highest impostor score.
    if (target * static_cast<double>(set.impostor().size()) < 1) break;
    input.target_fmr = target;
    input.fmr = {target, false};
    SHOGO_TRY(const auto row, judge_matching(set, input));
    table += fmt::format("{:<13} {:<12} {:<12} {:<21} {:.9g}\n", statistics::percent(target),
                         statistics::percent(row.fmr.point), statistics::percent(row.fnmr.point),
                         statistics::percent(row.fnmr.upper), row.point.threshold);
    json::object object = to_json(row);
    object["target_fmr"] = target;
    rows.push_back(std::move(object));
  }
  table += "\nThresholds and rates are from the same scores: this describes; shogo measure scores judges.\n";
  const evaluation::DetCurve curve{std::filesystem::path(arguments.positional(0)).filename().string(),
                                   points_of(evaluated.det),
                                   set.genuine().size(),
                                   set.impostor().size(),
                                   report.fmr,
                                   report.fnmr};
  if (arguments.has("--plot"))
    SHOGO_CHECK_OK(write_plot(arguments.get("--plot"),
                              evaluation::draw_det(std::vector{curve}, report.fmr.limit, report.fnmr.limit)));
  if (arguments.has("--csv")) SHOGO_CHECK_OK(write_text(arguments.get("--csv"), evaluation::det_csv(curve)));
  json::object value{{"input", input_json(arguments, set)},
                     {"EER", json::object{{"point", summary.eer()},
                                          {"threshold", static_cast<double>(summary.equal_error.threshold)},
                                          {"thresholds", summary.points}}},
                     {"operating_points", std::move(rows)}};
  SHOGO_CHECK_OK(put_results(arguments, terminal, std::move(value), table));
  return kExitOk;
}

int run(const CommandHelp& help, Result<int> (*work)(const Arguments&, Terminal&), const Words& words,
        Terminal& terminal) {
  const auto arguments = Arguments::parse(help, words, 1);
  if (!arguments) return complain(terminal, help.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(help);
    return kExitOk;
  }
  const auto code = work(*arguments, terminal);
  return code ? *code : complain(terminal, help.name, code.error());
}

}  // namespace

Result<int> judge_scores(const Arguments& arguments, Terminal& terminal, const scores::ScoreSet& set,
                         json::object extra, std::string_view about, bool turned_round) {
  SHOGO_TRY(evaluation::MatchingInput input, matching_input(arguments));
  SHOGO_TRY(input.seed, count_of(arguments, "--seed", 1));
  if (arguments.has("--threshold")) {
    SHOGO_TRY(const double threshold, number_of("--threshold", arguments.get("--threshold")));
    // Distances are turned round while reading: so is their threshold, and "distance <= T" becomes "score >=
    // -T".
    input.threshold = static_cast<float>(turned_round ? -threshold : threshold);
  }
  if (arguments.has("--mode")) {
    for (const auto mode : {evaluation::ThresholdMode::kFixed, evaluation::ThresholdMode::kSplit,
                            evaluation::ThresholdMode::kSwept})
      if (to_string(mode) == arguments.get("--mode")) input.mode = mode;
    if (!input.mode) return Error{Code::kInvalid, "--mode must be fixed, split or swept"};
  }
  SHOGO_TRY(const evaluation::MatchingReport report, judge_matching(set, input));
  std::string table(about);
  table += fmt::format("threshold {:.9g} ({}): match if and only if score >= threshold\n\n",
                       report.point.threshold, to_string(report.mode));
  table += rate_lines(report.fmr) + rate_lines(report.fnmr);
  if (report.fmr_check)
    table += fmt::format("check  {}\n", statistics::describe(*report.fmr_check) + ", on the second half");
  for (const auto* notes : {&set.notes, &report.notes})
    for (const std::string& note : *notes) table += "note   " + note + "\n";
  json::object value = to_json(report);
  for (auto& [key, more] : extra) value[key] = std::move(more);
  SHOGO_CHECK_OK(add_people(arguments, set, input, report, value, table));
  SHOGO_CHECK_OK(add_bootstrap(arguments, set, input, report.point.threshold, report.mode, value, table));
  if (arguments.has("--plot"))
    SHOGO_CHECK_OK(
        write_plot(arguments.get("--plot"), evaluation::draw_histogram(set, report.point.threshold)));
  if (arguments.has("--zoo")) {
    SHOGO_TRY(const evaluation::Drawing zoo, evaluation::draw_zoo(set, report.point.threshold));
    SHOGO_CHECK_OK(write_plot(arguments.get("--zoo"), zoo));
  }
  if (arguments.has("--write")) SHOGO_CHECK_OK(write_again(arguments.get("--write"), set));
  SHOGO_CHECK_OK(put_results(arguments, terminal, std::move(value), table));
  return exit_of({report.fmr.verdict, report.fnmr.verdict});
}

int measure_scores_command(const Words& words, Terminal& terminal) {
  return run(kScoresHelp, judge, words, terminal);
}

int measure_det_command(const Words& words, Terminal& terminal) {
  return run(kDetHelp, det, words, terminal);
}

}  // namespace shogo::conformance
