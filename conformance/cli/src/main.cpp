// shogo: finds out what kind of terminal this is, and runs the command.
#include "commands.h"
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string_view>
#include <unistd.h>

namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

/// The usual order: LC_ALL, LC_MESSAGES, LANG.
shogo::conformance::Language language() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const std::string_view value = environment(name);
    if (value.empty()) continue;
    return value.starts_with("ja") ? shogo::conformance::Language::kJa : shogo::conformance::Language::kEn;
  }
  return shogo::conformance::Language::kEn;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace shogo::conformance;
  const bool plain = !environment("NO_COLOR").empty() || environment("TERM") == "dumb";
  Terminal terminal{std::cout, std::cerr};
  terminal.colour_out = !plain && ::isatty(STDOUT_FILENO) == 1;
  terminal.live_err = environment("TERM") != "dumb" && ::isatty(STDERR_FILENO) == 1;
  terminal.language = language();
  try {
    const int code = run_shogo(Words(argv + 1, argv + argc), terminal);
    std::cout.flush();
    if (std::cout.good()) return code;
    std::cerr << "shogo: the output could not be written\n";
  } catch (const std::exception& broken) {
    std::cerr << "shogo: a fault of ours, please report it: " << broken.what() << "\n";
  }
  return kExitTrouble;
}
