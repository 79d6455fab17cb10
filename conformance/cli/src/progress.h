// Progress: one line a finished clause; on a live terminal also a bar with the time left below it.
#pragma once

#include "terminal.h"
#include <cstdint>
#include <string>

#include <shogo/base/clock.h>

namespace shogo::conformance {

class ProgressLine {
 public:
  ProgressLine(Terminal& terminal, std::string unit) : terminal_(terminal), unit_(std::move(unit)) {}
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Prints a whole line above the bar.
  void line(const std::string& text);
  /// `done` of `count` are done; `now` is under way.
  void bar(std::size_t done, std::size_t count, const std::string& now);
  void clear();

 private:
  Terminal& terminal_;
  std::string unit_;
  RealClock clock_;
  Nanoseconds start_ = clock_.now();
  bool drawn_ = false;
};

}  // namespace shogo::conformance
