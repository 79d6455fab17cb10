#include "commands.h"
#include "measure_command.h"
#include "progress.h"

#include <fmt/format.h>

#include <shogo/statistics/plan.h>

namespace shogo::conformance {
namespace {

const CommandHelp kHelp{
    "measure plan",
    "--limit LIMIT [--true RATE] [OPTIONS]",
    "How many trials? A sample that can only just prove the limit when nothing goes wrong fails good "
    "devices: 299 trials\n"
    "without an error prove \"under 1 %\", and a device with a true rate of 0.2 % gets there only every "
    "second time. So say\n"
    "how good a device should surely pass (--true), and how surely (--power).\n\n"
    "Trials that share a person, card or artefact are worth less than their number: say how many share one\n"
    "(--cluster-size) and how alike they are (--icc). One trial a person is always the cheapest plan.",
    {{"--limit", "LIMIT", "the requirement: 1%, 0.3%; \"<1%\" is strict"},
     {"--true", "RATE", "of a device that should pass (default: a third of the limit)"},
     {"--power", "P", "probability that it does (default 0.9)"},
     {"--cluster-size", "N", "trials that share a person, card or artefact (default 1)"},
     {"--icc", "R", "how alike those are, 0 to 1 (default 0.1 when there are clusters)"},
     {"--pairs", "", "comparisons of different people, every pair once: how many people?"},
     {"--subject-share", "S", "with --pairs: share of the score variance a person brings (default 0.3)"},
     kConfidenceOption,
     {"--seed", "N", "of the simulated studies (default 1)"},
     kJsonOption},
    "  shogo measure plan --limit '<1%'                            attacks of one species (1-1)\n"
    "  shogo measure plan --limit 0.3% --true 0.1%                 genuine comparisons (3-6)\n"
    "  shogo measure plan --limit 1e-4 --true 2e-5 --pairs         people for impostor comparisons (3-6)\n"
    "  shogo measure plan --limit '<1%' --cluster-size 5 --icc 0.2 five attacks on each person",
    "  0  planned\n  2  wrong usage, or no sample can do it"};

Result<void> plan(const Arguments& arguments, Terminal& terminal) {
  if (!arguments.has("--limit"))
    return Error{Code::kInvalid,
                 "--limit is missing, for example --limit '<1%'; see shogo measure plan --help"};
  statistics::PlanInput input;
  SHOGO_TRY(input.limit, limit_of(arguments, "--limit", {}));
  SHOGO_TRY(input.true_rate, share_of(arguments, "--true", input.limit.value / 3));
  SHOGO_TRY(input.power, share_of(arguments, "--power", input.power));
  SHOGO_TRY(input.confidence, share_of(arguments, "--confidence", input.confidence));
  SHOGO_TRY(const std::uint64_t size, count_of(arguments, "--cluster-size", 1));
  if (size < 1 || size > 100000) return Error{Code::kInvalid, "--cluster-size must lie between 1 and 100000"};
  input.cluster_size = static_cast<std::int64_t>(size);
  SHOGO_TRY(input.icc, share_of(arguments, "--icc", size > 1 ? 0.1 : 0));
  SHOGO_TRY(input.seed, count_of(arguments, "--seed", 1));
  using statistics::percent;
  std::string table = fmt::format("limit {} {}, a device with a true rate of {} shall pass with {:.4g} %\n\n",
                                  input.limit.strict ? "<" : "≤", percent(input.limit.value),
                                  percent(input.true_rate), 100 * input.power);
  json::object value{
      {"limit", json::object{{"value", input.limit.value}, {"relation", input.limit.strict ? "<" : "<="}}},
      {"true_rate", input.true_rate},
      {"power_wanted", input.power},
      {"confidence", input.confidence}};
  if (arguments.has("--pairs")) {
    SHOGO_TRY(const double share, share_of(arguments, "--subject-share", statistics::kAssumedSubjectShare));
    SHOGO_TRY(const statistics::PairPlan made, statistics::plan_pairs(input, share));
    table += fmt::format("{} people, every pair compared once: {} comparisons\n", made.subjects, made.pairs);
    table += fmt::format("worth {:.0f} independent ones, because each person is in {} of them\n",
                         static_cast<double>(made.pairs) / made.effect, made.subjects - 1);
    table += fmt::format("passes with {:.1f} %\n", 100 * made.power);
    value["plan"] = to_json(made);
    value["subject_share"] = share;
    return put_results(arguments, terminal, std::move(value), table);
  }
  ProgressLine progress(terminal, "%");
  SHOGO_TRY(const statistics::Plan made, statistics::plan_sample(input, [&](double share) {
              progress.bar(static_cast<std::size_t>(100 * share), 100, "simulating studies");
            }));
  progress.clear();
  if (input.cluster_size > 1) table += fmt::format("{} clusters of {}: ", made.clusters, input.cluster_size);
  table += fmt::format("{} trials, at most {} errors{}\n", made.trials, made.errors_allowed,
                       input.cluster_size > 1 ? " (each in a cluster of its own)" : "");
  table +=
      fmt::format("passes with {:.1f} %; a device exactly at the limit with {:.1f} %{}\n", 100 * made.power,
                  100 * made.wrong_pass,
                  made.simulated ? fmt::format(" ({} simulated studies)", statistics::kPlanStudies) : "");
  table += fmt::format("fewest trials that prove the limit when no error happens: {}\n", made.without_error);
  value["plan"] = to_json(made);
  value["cluster_size"] = input.cluster_size;
  value["icc"] = input.icc;
  return put_results(arguments, terminal, std::move(value), table);
}

}  // namespace

int measure_plan_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kHelp, words, 0);
  if (!arguments) return complain(terminal, kHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kHelp);
    return kExitOk;
  }
  const auto planned = plan(*arguments, terminal);
  return planned ? kExitOk : complain(terminal, kHelp.name, planned.error());
}

}  // namespace shogo::conformance
