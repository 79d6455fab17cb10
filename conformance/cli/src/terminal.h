// Terminal: where a command speaks. Results go to `out`, progress and errors to `err`.
#pragma once

#include <ostream>
#include <string_view>

#include <shogo/base/result.h>
#include <shogo/conformance/report.h>

namespace shogo::conformance {

constexpr int kExitOk = 0;
constexpr int kExitFail = 1;
constexpr int kExitTrouble = 2;
constexpr int kExitUndecided = 3;

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  bool colour_out = false;  ///< `out` is a terminal that shows colours
  bool live_err = false;    ///< `err` is a terminal: lines may be redrawn
  Language language = Language::kEn;
};

/// "shogo run: …" on one line; returns kExitTrouble.
int complain(Terminal& terminal, std::string_view command, const Error& error);

}  // namespace shogo::conformance
