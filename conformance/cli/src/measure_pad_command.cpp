#include "commands.h"
#include "measure_command.h"

#include <fmt/format.h>

#include <shogo/evaluation/presentation_log.h>

namespace shogo::conformance {
namespace {

const CommandHelp kHelp{
    "measure pad",
    "FILE [OPTIONS]",
    "Rates of presentation attack detection from a log of presentations (CSV with a header, or JSON "
    "lines):\n\n"
    "  presentation_id, subject      needed; rows with one id are one presentation, however many frames\n"
    "  type                          attack or bona_fide\n"
    "  species                       how the artefact was made; needed for attacks\n"
    "  transaction_id                the session with all its retries (default: each presentation is one)\n"
    "  response                      ok, no_response or error (default ok)\n"
    "  pad_decision                  attack or bona_fide: what the attack detection said\n"
    "  transaction_decision          accept or reject: what the whole device said\n\n"
    "IAPAR counts sessions, APCER, BPCER and the non-response rates count presentations. Every species is "
    "judged by\n"
    "itself and none is pooled. Non-responses stay in the denominators. A device that refuses everybody, or "
    "that does\n"
    "not answer, gets no verdict.",
    {{"--limit", "LIMIT", "of IAPAR and APCER for every species (default <1%, 1-1)"},
     {"--bona-fide", "LIMIT", "of the control, FRR or BPCER (default 15%, ours)"},
     {"--planned", "N", "sessions planned for each species; fewer show nothing"},
     kConfidenceOption,
     kJsonOption},
    "  shogo measure pad presentations.csv\n  shogo measure pad presentations.jsonl --limit '<1%' --planned "
    "299 --json -",
    "  0  every species proven kept\n  1  a species proven broken\n  2  wrong usage, or a log that cannot be "
    "judged\n"
    "  3  undecided"};

void add(std::string& table, const std::optional<statistics::Rate>& rate) {
  if (rate) table += rate_lines(*rate);
}

Result<int> pad(const Arguments& arguments, Terminal& terminal) {
  statistics::PadLimits limits;
  SHOGO_TRY(limits.attack, limit_of(arguments, "--limit", limits.attack));
  SHOGO_TRY(limits.bona_fide, limit_of(arguments, "--bona-fide", limits.bona_fide));
  SHOGO_TRY(limits.confidence, share_of(arguments, "--confidence", limits.confidence));
  SHOGO_TRY(const std::uint64_t planned, count_of(arguments, "--planned", 0));
  limits.planned_transactions = static_cast<std::int64_t>(planned);
  SHOGO_TRY(const auto log, evaluation::read_presentations(arguments.positional(0)));
  SHOGO_TRY(const statistics::PadRates rates, statistics::pad_rates(log, limits));
  std::string table;
  for (const statistics::SpeciesRates& species : rates.species) {
    table += fmt::format("species {}: {} presentations, {} sessions, {} people\n", species.species,
                         species.presentations, species.transactions, species.subjects);
    add(table, species.iapar);
    add(table, species.apcer);
    table += fmt::format("APNRR  {}\n", statistics::percent(species.apnrr.point));
    if (species.riapar)
      table += fmt::format("RIAPAR {} (IAPAR + FRR)\n", statistics::percent(*species.riapar));
    table += "\n";
  }
  if (rates.frr || rates.bpcer) table += "bona fide\n";
  add(table, rates.frr);
  add(table, rates.bpcer);
  std::string word = rates.verdict ? std::string(to_string(*rates.verdict)) : "no verdict";
  for (char& c : word)
    if (c == '_') c = ' ';
  table += fmt::format("\n{}: {}\n", word, rates.why);
  SHOGO_CHECK_OK(put_results(arguments, terminal, to_json(rates), table));
  return exit_of({rates.verdict});
}

}  // namespace

int measure_pad_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kHelp, words, 1);
  if (!arguments) return complain(terminal, kHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kHelp);
    return kExitOk;
  }
  const auto code = pad(*arguments, terminal);
  return code ? *code : complain(terminal, kHelp.name, code.error());
}

}  // namespace shogo::conformance
