#include "adapter_check.h"
#include "arguments.h"
#include "commands.h"

#include <fmt/format.h>

#include <shogo/base/clock.h>

namespace shogo::conformance {
namespace {

constexpr milliseconds kConnectWait{5'000};

const CommandHelp kHelp{"adapter check",
                        "ADDRESS [-v]",
                        "Talks through every message of the device protocol with the adapter at ADDRESS and "
                        "tells for each whether it is\n"
                        "right; for a wrong one what was sent, what was expected and what came. No card is "
                        "placed and nothing is judged.",
                        {{"--verbose", "", "(-v) sent, expected and came for right ones too"}},
                        "  shogo adapter check ws://192.0.2.7:9000",
                        "  0  everything is right, and what is not offered is honestly UNIMPLEMENTED\n"
                        "  1  something is wrong\n"
                        "  2  wrong usage, or nobody answers at ADDRESS"};

std::string_view word_of(AdapterStep::Outcome outcome) {
  switch (outcome) {
    case AdapterStep::Outcome::kRight:
      return "right";
    case AdapterStep::Outcome::kWrong:
      return "WRONG";
    case AdapterStep::Outcome::kAbsent:
      return "absent";
    case AdapterStep::Outcome::kUnseen:
      return "unseen";
  }
  return "";
}

void print(const AdapterStep& step, bool verbose, std::ostream& out) {
  out << fmt::format("{:<6}  {} {}\n", word_of(step.outcome), step.required ? "●" : "○", step.message);
  if (step.outcome != AdapterStep::Outcome::kWrong && !verbose) return;
  if (!step.sent.empty()) out << "          sent      " << step.sent << "\n";
  out << "          expected  " << step.expected << "\n          came      " << step.came << "\n";
}

}  // namespace

int adapter_check_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kHelp, words, 1);
  if (!arguments) return complain(terminal, kHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kHelp);
    return kExitOk;
  }
  auto device = RpcDevice::open(arguments->positional(0), kConnectWait);
  if (!device) return complain(terminal, kHelp.name, device.error());
  const std::vector<AdapterStep> steps = check_adapter(**device);
  int wrong = 0;
  for (const AdapterStep& step : steps) {
    print(step, arguments->has("--verbose"), terminal.out);
    if (step.outcome == AdapterStep::Outcome::kWrong) ++wrong;
  }
  terminal.out << fmt::format("{} messages, {} wrong\n", steps.size(), wrong);
  return wrong == 0 ? kExitOk : kExitFail;
}

}  // namespace shogo::conformance
