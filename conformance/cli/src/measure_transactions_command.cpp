#include "commands.h"
#include "measure_command.h"

#include <fmt/format.h>

#include <shogo/evaluation/attempt_log.h>

namespace shogo::conformance {
namespace {

const CommandHelp kHelp{
    "measure transactions",
    "FILE [--far LIMIT] [--frr LIMIT] [OPTIONS]",
    "Rates of attempts and of whole transactions, retries included, from a log of attempts in order of time "
    "(CSV with "
    "a\n"
    "header, or JSON lines):\n\n"
    "  transaction_id                all attempts of one person at one time\n"
    "  claimed, probe                whose reference it was, and who stood there; equal: the person himself\n"
    "  result                        match, no_match, no_sample or no_reference\n\n"
    "FMR and FNMR count attempts that were compared; FAR and FRR count transactions with every failure, as "
    "they "
    "happened:\n"
    "they are never computed from the rates of attempts.",
    {{"--far", "LIMIT", "of the false accept rate"},
     {"--frr", "LIMIT", "of the false reject rate"},
     {"--fmr", "LIMIT", "of the false match rate"},
     {"--fnmr", "LIMIT", "of the false non-match rate"},
     kConfidenceOption,
     kJsonOption},
    "  shogo measure transactions attempts.csv --far 0.03% --frr 1%",
    "  0  every limit given is proven kept, or none was given\n  1  one is proven broken\n  2  wrong usage, "
    "or a log that "
    "cannot be judged\n  3  undecided"};

Result<int> transactions(const Arguments& arguments, Terminal& terminal) {
  statistics::TransactionLimits limits;
  for (const auto& [option, limit] : {std::pair("--far", &limits.far), std::pair("--frr", &limits.frr),
                                      std::pair("--fmr", &limits.fmr), std::pair("--fnmr", &limits.fnmr)})
    if (arguments.has(option)) {
      SHOGO_TRY(*limit, limit_of(arguments, option, {}));
    }
  SHOGO_TRY(limits.confidence, share_of(arguments, "--confidence", limits.confidence));
  SHOGO_TRY(const auto log, evaluation::read_attempts(arguments.positional(0)));
  SHOGO_TRY(const statistics::TransactionRates rates, statistics::transaction_rates(log, limits));
  std::string table =
      fmt::format("{} attempts, at most {} in a transaction\n", log.size(), rates.most_attempts);
  int code = kExitOk;
  for (const auto* rate : {&rates.fte, &rates.fta, &rates.fmr, &rates.fnmr, &rates.far, &rates.frr}) {
    if (!*rate) continue;
    table += rate_lines(**rate);
    if (!(*rate)->verdict) continue;
    const int one = exit_of({(*rate)->verdict});
    if (one == kExitFail || code == kExitOk) code = one;
  }
  SHOGO_CHECK_OK(put_results(arguments, terminal, to_json(rates), table));
  return code;
}

}  // namespace

int measure_transactions_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kHelp, words, 1);
  if (!arguments) return complain(terminal, kHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kHelp);
    return kExitOk;
  }
  const auto code = transactions(*arguments, terminal);
  return code ? *code : complain(terminal, kHelp.name, code.error());
}

}  // namespace shogo::conformance
