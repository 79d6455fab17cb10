#include "arguments.h"
#include "commands.h"
#include "common_options.h"

#include <shogo/base/json_reader.h>
#include <shogo/conformance/report.h>

namespace shogo::conformance {
namespace {

const CommandHelp kHelp{
    "list",
    "[--json] [--lang ja|en] [--catalogue DIR]",
    "Prints the 69 requirement items with their clauses, levels and numbers.",
    {{"--json", "", "for programs: the whole catalogue as one JSON object"}, kLangOption, kCatalogueOption},
    "  shogo list | less\n"
    "  shogo list --lang ja\n"
    "  shogo list --json | python3 -c 'import json,sys; print(len(json.load(sys.stdin)[\"items\"]))'",
    "  0  printed\n  2  wrong usage, or a broken catalogue"};

Result<void> list(const Arguments& arguments, Terminal& terminal) {
  SHOGO_TRY(const Language language, language_of(arguments, terminal));
  SHOGO_TRY(const Catalogue catalogue, catalogue_of(arguments));
  terminal.out << (arguments.has("--json") ? pretty_json(list_json(catalogue))
                                           : render_list(catalogue, language));
  return {};
}

}  // namespace

int list_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kHelp, words, 0);
  if (!arguments) return complain(terminal, kHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kHelp);
    return kExitOk;
  }
  const auto listed = list(*arguments, terminal);
  return listed ? kExitOk : complain(terminal, kHelp.name, listed.error());
}

}  // namespace shogo::conformance
