#include "arguments.h"
#include "commands.h"

#include <fmt/format.h>

#include <shogo/conformance/rejudge.h>

namespace shogo::conformance {
namespace {

const CommandHelp kHelp{
    "rejudge",
    "DIR",
    "Judges the evidence in DIR again, without any device, and compares with its report. First every\n"
    "file must match the manifest: one changed byte and nothing is judged.",
    {},
    "  shogo rejudge out",
    "  0  the same verdicts\n"
    "  1  other verdicts, one line each\n"
    "  2  wrong usage, or evidence that is broken or was changed"};

}  // namespace

int rejudge_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kHelp, words, 1);
  if (!arguments) return complain(terminal, kHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kHelp);
    return kExitOk;
  }
  const auto outcome = rejudge(all_checks(), arguments->positional(0));
  if (!outcome) return complain(terminal, kHelp.name, outcome.error());
  for (const Difference& difference : outcome->differences)
    terminal.out << fmt::format("{:<8} was {}, is {}\n", difference.clause, difference.archived,
                                difference.now);
  for (const std::string& clause : outcome->unchecked)
    terminal.out << fmt::format("{:<8} cannot be judged again: this build has no check of it\n", clause);
  terminal.out << fmt::format("{} clauses judged again, {} differ, {} could not be judged\n",
                              outcome->rejudged.size(), outcome->differences.size(),
                              outcome->unchecked.size());
  return outcome->differences.empty() && outcome->unchecked.empty() ? kExitOk : kExitFail;
}

}  // namespace shogo::conformance
