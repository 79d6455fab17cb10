#include "arguments.h"
#include "commands.h"
#include "common_options.h"

#include <shogo/base/file.h>
#include <shogo/conformance/bundle.h>
#include <shogo/conformance/report.h>

namespace shogo::conformance {
namespace {

const CommandHelp kHelp{"report",
                        "DIR [--table] [--lang ja|en]",
                        "Checks that the evidence in DIR is whole, makes the pages (HTML in Japanese and "
                        "English, JUnit) again from\n"
                        "report.json, and prints the verdict table.",
                        {{"--table", "", "only print; DIR is not changed"}, kLangOption},
                        "  shogo report out\n  shogo report out --table --lang ja",
                        "  0  printed\n  2  wrong usage, or a report that is broken or was changed"};

Result<void> report(const Arguments& arguments, Terminal& terminal) {
  const std::filesystem::path folder = arguments.positional(0);
  SHOGO_TRY(const Language language, language_of(arguments, terminal));
  SHOGO_TRY(const json::value value, load_verified_report(folder));
  SHOGO_TRY(const Report read, parse_report(value, (folder / "report.json").string()));
  const bool write = !arguments.has("--table");
  if (write)
    for (const auto& [name, text] : render_pages(read)) SHOGO_CHECK_OK(write_text(folder / name, text));
  terminal.out << render_table(read, {language, terminal.colour_out});
  if (write)
    for (const auto& [name, text] : render_pages(read)) terminal.out << (folder / name).string() << "\n";
  return {};
}

}  // namespace

int report_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kHelp, words, 1);
  if (!arguments) return complain(terminal, kHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kHelp);
    return kExitOk;
  }
  const auto printed = report(*arguments, terminal);
  return printed ? kExitOk : complain(terminal, kHelp.name, printed.error());
}

}  // namespace shogo::conformance
