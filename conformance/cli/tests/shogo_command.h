// Runs the shogo command within the test: what it said and how it ended.
#pragma once

#include "../src/commands.h"
#include <sstream>
#include <string>

namespace shogo::conformance {

struct Done {
  int code = 0;
  std::string out, err;
};

inline Done shogo(const char* command, Words words) {
  words.insert(words.begin(), command);
  std::ostringstream out, err;
  Terminal terminal{out, err};
  const int code = run_shogo(words, terminal);
  return {code, out.str(), err.str()};
}

}  // namespace shogo::conformance
