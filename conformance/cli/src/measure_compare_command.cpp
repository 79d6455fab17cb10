#include "commands.h"
#include "measure_command.h"
#include "progress.h"
#include <algorithm>

#include <fmt/format.h>

#include <shogo/scores/all_pairs.h>
#include <shogo/statistics/dependence.h>

namespace shogo::conformance {
namespace {

const CommandHelp kHelp{
    "measure compare",
    "FILE.npz [--fmr LIMIT] [--fnmr LIMIT] [OPTIONS]",
    "Compares every template with every other by cosine and finds the exact threshold at the false match "
    "rate, without\n"
    "storing the scores: a hundred thousand templates are five thousand million comparisons, and need memory "
    "for the\n"
    "templates only. FILE.npz has the arrays templates (a matrix, one row a template) and subject (whole "
    "numbers).\n\n"
    "The threshold is set on the pairs that it is judged by, so this describes and proves nothing.",
    {{"--fmr", "LIMIT", "false match rate at which the threshold is put (default 1e-4)"},
     {"--fnmr", "LIMIT", "limit of the false non-match rate (default 0.3%)"},
     {"--kernel", "NAME", "avx512vnni, avx2 or portable (default: the best); all give the same bits"},
     kConfidenceOption,
     kJsonOption},
    "  shogo measure compare embeddings.npz --fmr 1e-4\n"
    "  python3 -c 'import numpy; numpy.savez(\"e.npz\", templates=x, subject=who)'",
    "  0  done\n  2  wrong usage, or templates that cannot be compared"};

Result<void> compare(const Arguments& arguments, Terminal& terminal) {
  SHOGO_TRY(const statistics::Limit fmr, limit_of(arguments, "--fmr", {1e-4, false}));
  SHOGO_TRY(const statistics::Limit fnmr, limit_of(arguments, "--fnmr", {0.003, false}));
  SHOGO_TRY(const double confidence, share_of(arguments, "--confidence", statistics::kConfidence));
  SHOGO_TRY(const scores::TemplateSet set, scores::read_templates(arguments.positional(0)));
  ProgressLine progress(terminal, "%");
  SHOGO_TRY(const scores::PairsResult result,
            scores::compare_all({set.values, set.dimension, set.subject}, fmr.value,
                                arguments.get("--kernel"), [&](double share) {
                                  progress.bar(static_cast<std::size_t>(100 * share), 100, "comparing");
                                }));
  progress.clear();
  std::uint32_t subjects = 0;
  for (const std::uint32_t subject : set.subject) subjects = std::max(subjects, subject + 1);
  std::vector<statistics::ClusterCount> own(subjects);
  std::size_t at = 0;
  // Genuine scores come in order of their templates; their errors are counted for the person.
  std::vector<std::vector<std::uint32_t>> of_subject(subjects);
  for (std::uint32_t i = 0; i < set.subject.size(); ++i) of_subject[set.subject[i]].push_back(i);
  for (std::uint32_t i = 0; i < set.subject.size(); ++i) {
    const auto& list = of_subject[set.subject[i]];
    const auto later = list.end() - std::upper_bound(list.begin(), list.end(), i);
    for (std::ptrdiff_t j = 0; j < later; ++j) {
      ++own[set.subject[i]].trials;
      own[set.subject[i]].errors += result.genuine.at(at++) < result.point.threshold ? 1 : 0;
    }
  }
  SHOGO_TRY(statistics::Rate rate,
            statistics::judge_rate({"FNMR", static_cast<std::int64_t>(result.point.false_non_matches),
                                    static_cast<std::int64_t>(result.point.genuine),
                                    statistics::clustered(own), confidence, fnmr, 0}));
  rate.verdict.reset();  // in-sample: bounds only
  rate.more_without_error.reset();
  rate.more_at_this_rate.reset();
  std::string table = fmt::format("{} templates of {} dimensions, {} genuine and {} impostor pairs ({})\n",
                                  set.subject.size(), set.dimension, result.point.genuine,
                                  result.point.impostor, result.kernel);
  table +=
      fmt::format("threshold {:.9g}: {} of {} impostor pairs match ({} allowed at {})\n\n",
                  result.point.threshold, result.point.false_matches, result.point.impostor,
                  scores::errors_allowed(fmr.value, result.point.impostor), statistics::percent(fmr.value));
  table += rate_lines(rate);
  json::object value{{"templates", set.subject.size()},
                     {"dimension", set.dimension},
                     {"kernel", result.kernel},
                     {"threshold", static_cast<double>(result.point.threshold)},
                     {"rule", "match if and only if score >= threshold"},
                     {"threshold_mode", "swept"},
                     {"false_matches", result.point.false_matches},
                     {"impostor", result.point.impostor},
                     {"rescored", result.rescored},
                     {"FNMR", to_json(rate)}};
  return put_results(arguments, terminal, std::move(value), table);
}

}  // namespace

int measure_compare_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kHelp, words, 1);
  if (!arguments) return complain(terminal, kHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kHelp);
    return kExitOk;
  }
  const auto compared = compare(*arguments, terminal);
  return compared ? kExitOk : complain(terminal, kHelp.name, compared.error());
}

}  // namespace shogo::conformance
