#include "commands.h"

#include "arguments.h"
#include "build_info.h"
#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace shogo::conformance {
namespace {

constexpr std::array kCommands{
    Command{"list", "the 69 items and their clauses", list_command},
    Command{"run", "judge a device and write a report", run_command},
    Command{"report", "print a report again, and make its pages anew", report_command},
    Command{"rejudge", "judge the evidence of a report again", rejudge_command},
    Command{"prove", "show that the checks catch devices that are wrong on purpose", prove_command},
    Command{"adapter check", "tell what a device's adapter gets right and wrong", adapter_check_command},
    Command{"card serve", "virtual My Number cards for any PC/SC program", card_serve_command},
    Command{"card issue", "a card for a synthetic person, into a file", card_issue_command},
    Command{"card show", "everything on a card", card_show_command},
    Command{"card trace", "serve cards and tell every command they get", card_trace_command},
    Command{"measure scores", "judge a matcher's error rates by its scores", measure_scores_command},
    Command{"measure det", "every threshold of a matcher, as table and plot", measure_det_command},
    Command{"measure compare", "every template with every other, exactly", measure_compare_command},
    Command{"measure engine", "run a matcher's library on images and judge it", measure_engine_command},
    Command{"measure pad", "judge attack detection by a log of presentations", measure_pad_command},
    Command{"measure transactions", "judge attempts and whole transactions by a log",
            measure_transactions_command},
    Command{"measure sequential", "may the trials stop now?", measure_sequential_command},
    Command{"measure plan", "how many trials prove a rate", measure_plan_command},
    Command{"dataset generate", "pictures of synthetic people, with truth", dataset_generate_command},
    Command{"dataset verify", "hold a data set against its hashes", dataset_verify_command},
    Command{"dataset show", "the protocols, or what a data set holds", dataset_show_command},
    Command{"people show", "one synthetic person, in numbers and as a photograph", people_show_command},
    Command{"people sheet", "a contact sheet of synthetic people", people_sheet_command},
    Command{"people feed", "one synthetic person before a camera, live or into a file", people_feed_command},
    Command{"package make", "sign an update package", package_make_command},
    Command{"package show", "what an update package says about itself", package_show_command},
    Command{"package verify", "would a device take this update package?", package_verify_command},
    Command{"pki serve", "answer for revoked certificates: OCSP and lists", pki_serve_command},
    Command{"pki", "certificates, revocation lists and keys of the test hierarchy", pki_command},
};

std::string overview() {
  std::string text =
      "shogo (照合): a bench for Japan's face-authentication My Number card readers.\n\n"
      "  shogo COMMAND [OPTIONS]\n\n";
  for (const Command& command : kCommands) text += fmt::format("  {:<22}{}\n", command.name, command.summary);
  text +=
      "\nFirst steps\n"
      "  shogo list                                     what is required\n"
      "  shogo run --dut reference --out report         judge the reference reader\n"
      "  shogo adapter check ws://192.0.2.7:9000        is my adapter right?\n"
      "  shogo run --dut ws://192.0.2.7:9000 --out report\n"
      "\nshogo COMMAND --help explains a command. shogo --version tells the build.\n";
  return text;
}

std::vector<std::string> split(std::string_view name) {
  const std::size_t space = name.find(' ');
  if (space == std::string_view::npos) return {std::string(name)};
  return {std::string(name.substr(0, space)), std::string(name.substr(space + 1))};
}

bool in_group(const Command& command, std::string_view group) {
  const std::vector<std::string> name = split(command.name);
  return name.size() == 2 && name[0] == group;
}

bool is_group(std::string_view word) {
  return std::any_of(kCommands.begin(), kCommands.end(),
                     [&](const Command& command) { return in_group(command, word); });
}

/// "shogo measure": what goes on from there.
std::string group_overview(std::string_view group) {
  std::string text = fmt::format("shogo {} COMMAND [OPTIONS]\n\n", group);
  for (const Command& command : kCommands)
    if (in_group(command, group)) text += fmt::format("  {:<22}{}\n", command.name, command.summary);
  return text + fmt::format("\nshogo {} COMMAND --help explains a command.\n", group);
}

int unknown(const Words& words, Terminal& terminal) {
  std::vector<std::string> names;
  for (const Command& command : kCommands) names.emplace_back(command.name);
  std::string given = words[0];
  if (is_group(words[0]) && words.size() > 1) given += " " + words[1];
  const std::string meant = nearest(given, names);
  terminal.err << fmt::format("shogo: there is no command \"{}\"{} shogo --help\n", given,
                              meant.empty() ? "; see" : fmt::format("; did you mean \"{}\"? See", meant));
  return kExitTrouble;
}

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

int run_shogo(const Words& words, Terminal& terminal) {
  if (words.empty()) {
    terminal.err << overview();
    return kExitTrouble;
  }
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    terminal.out << overview();
    return kExitOk;
  }
  if (words[0] == "--version") {
    terminal.out << fmt::format("shogo {} (commit {}, build {})\n", tool_version(), tool_commit(),
                                build_id());
    return kExitOk;
  }
  for (const Command& command : kCommands) {
    const std::vector<std::string> name = split(command.name);
    if (words.size() < name.size() || !std::equal(name.begin(), name.end(), words.begin())) continue;
    return command.run(Words(words.begin() + static_cast<std::ptrdiff_t>(name.size()), words.end()),
                       terminal);
  }
  if (is_group(words[0]) && (words.size() == 1 || words[1] == "--help" || words[1] == "-h")) {
    (words.size() == 1 ? terminal.err : terminal.out) << group_overview(words[0]);
    return words.size() == 1 ? kExitTrouble : kExitOk;
  }
  return unknown(words, terminal);
}

int complain(Terminal& terminal, std::string_view command, const Error& error) {
  std::string line = error.describe();
  for (char& c : line)
    if (c == '\n' || c == '\r') c = ' ';
  terminal.err << fmt::format("shogo {}: {}\n", command, line);
  return kExitTrouble;
}

}  // namespace shogo::conformance
