#include "commands.h"
#include "measure_command.h"
#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include <shogo/statistics/sequential.h>

namespace shogo::conformance {
namespace {

const CommandHelp kHelp{
    "measure sequential",
    "FILE|- --limit LIMIT [OPTIONS]",
    "May the trials stop now? Reads outcomes one a line, 1 an error and 0 none, from a file or from standard "
    "input while\n"
    "they happen, and stops at the first one that proves the limit kept or broken. The rule may be looked at "
    "after every\n"
    "trial; ordinary bounds may not. For independent trials: one a person, card and artefact. Certification "
    "uses fixed "
    "plans.",
    {{"--limit", "LIMIT", "of the error rate; \"<1%\" is strict"}, kConfidenceOption, kJsonOption},
    "  shogo measure sequential outcomes.txt --limit '<1%'\n  ./my-trials | shogo measure sequential - "
    "--limit '<1%'",
    "  0  proven kept\n  1  proven broken\n  2  wrong usage, or lines that are no outcomes\n  3  undecided"};

Result<int> sequential(const Arguments& arguments, Terminal& terminal) {
  if (!arguments.has("--limit")) return Error{Code::kInvalid, "--limit is needed, for example --limit '<1%'"};
  SHOGO_TRY(const statistics::Limit limit, limit_of(arguments, "--limit", {}));
  SHOGO_TRY(const double confidence, share_of(arguments, "--confidence", statistics::kConfidence));
  SHOGO_TRY(auto rate, statistics::SequentialRate::start(limit, confidence));
  const std::string& name = arguments.positional(0);
  std::ifstream file;
  if (name != "-") {
    file.open(name);
    if (!file) return Error{Code::kNotFound, fmt::format("{}: cannot be read as a file", name)};
  }
  std::istream& in = name == "-" ? std::cin : file;
  std::string line;
  for (std::size_t number = 1; !rate.verdict() && std::getline(in, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    if (line != "0" && line != "1")
      return Error{Code::kInvalid, fmt::format("{}:{}: expected 0 or 1, not \"{:.40}\"", name, number, line)};
    rate.add(line == "1");
  }
  if (rate.trials() == 0) return Error{Code::kInvalid, fmt::format("{}: there is no outcome in it", name)};
  const auto verdict = rate.verdict();
  json::object value{{"k", rate.errors()},
                     {"n", rate.trials()},
                     {"evidence_kept", rate.evidence_kept()},
                     {"evidence_broken", rate.evidence_broken()},
                     {"needed", 1 / (1 - confidence)},
                     {"verdict", verdict ? json::value(to_string(*verdict)) : json::value(nullptr)}};
  std::string table = fmt::format("{} errors in {} trials: ", rate.errors(), rate.trials());
  if (verdict) {
    table += fmt::format("proven {} at this trial; stop here\n",
                         *verdict == statistics::RateVerdict::kProvenKept ? "kept" : "broken");
  } else {
    value["more_without_error"] = rate.more_without_error();
    table += fmt::format("undecided; {} more without an error would prove it\n", rate.more_without_error());
  }
  SHOGO_CHECK_OK(put_results(arguments, terminal, std::move(value), table));
  return verdict ? exit_of({verdict}) : kExitUndecided;
}

}  // namespace

int measure_sequential_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kHelp, words, 1);
  if (!arguments) return complain(terminal, kHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kHelp);
    return kExitOk;
  }
  const auto code = sequential(*arguments, terminal);
  return code ? *code : complain(terminal, kHelp.name, code.error());
}

}  // namespace shogo::conformance
