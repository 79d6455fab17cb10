#include "arguments.h"
#include "commands.h"

#include <shogo/sim/serve_card.h>

namespace shogo::conformance {
namespace {

const CommandHelp kHelp{"card serve",
                        "[--seed N] [-- COMMAND...]",
                        "Lays a virtual My Number card (of a synthetic person) on a reader of a private "
                        "PC/SC service. With a COMMAND:\n"
                        "runs it so that it sees this reader, and ends with its exit code. Without: serves "
                        "until Ctrl-C and says how to\n"
                        "reach the reader.",
                        {{"--seed", "N", "which synthetic person, keys and certificates (default 1)"}},
                        "  shogo card serve -- opensc-tool -n\n"
                        "  shogo card serve -- pkcs15-tool --dump\n"
                        "  shogo card serve --seed 7",
                        "  the COMMAND's; 0 after Ctrl-C; 2 for wrong usage or when there is no pcscd"};

}  // namespace

int card_serve_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kHelp, words, 0, true);
  if (!arguments) return complain(terminal, kHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kHelp);
    return kExitOk;
  }
  const auto seed = parse_number("--seed", arguments->get("--seed", "1"));
  if (!seed) return complain(terminal, kHelp.name, seed.error());
  return sim::serve_card({*seed, arguments->rest()}, terminal.out, terminal.err);
}

}  // namespace shogo::conformance
