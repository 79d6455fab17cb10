// serve_card() as a program of its own, so that the component's tests need nothing from above it:
// [--system] COMMAND...
#include <iostream>
#include <string_view>

#include <shogo/sim/serve_card.h>

int main(int argc, char** argv) {
  shogo::sim::ServeOptions options;
  options.system_pcscd = argc > 1 && std::string_view(argv[1]) == "--system";
  options.command.assign(argv + (options.system_pcscd ? 2 : 1), argv + argc);
  return shogo::sim::serve_card(options, std::cout, std::cerr);
}
