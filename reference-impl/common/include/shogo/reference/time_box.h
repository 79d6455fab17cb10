// A way out of work that never ends: a program that is stuck in the trial of an update begins anew as it was
// called, and that start counts against the version on trial (4-9.i).
#pragma once

#include <chrono>

namespace shogo::reference {

/// What time boxes do from now on when their time is over: this program ends at once, and `program` runs in
/// its place with `words` (argv, ending with a null; both outlive everything). Before any thread exists.
void begin_anew_when_stuck(const char* program, char* const* words);

/// While it lives, the machine's time runs, whatever clock the program uses. One at a time, in a program that
/// has called begin_anew_when_stuck(); in any other the signal SIGALRM ends it.
class TimeBox {
 public:
  explicit TimeBox(std::chrono::milliseconds limit);
  ~TimeBox();
  TimeBox(const TimeBox&) = delete;
  TimeBox& operator=(const TimeBox&) = delete;
};

}  // namespace shogo::reference
