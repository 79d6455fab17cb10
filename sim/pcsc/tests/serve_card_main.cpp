// serve_card() as a program of its own, so that the component's tests need nothing from above it.
#include <iostream>

#include <shogo/sim/serve_card.h>

int main(int argc, char** argv) {
  shogo::sim::ServeOptions options;
  options.command.assign(argv + 1, argv + argc);
  return shogo::sim::serve_card(options, std::cout, std::cerr);
}
