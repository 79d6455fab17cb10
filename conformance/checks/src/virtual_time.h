// Virtual time in a script: the device's clock, and every other clock of the bench, stands still and moves
// only on request (clock.virtual). pcscd keeps its own: a card that is laid down or taken away is noticed in
// real time, whatever the virtual time is.
#pragma once

#include "line_trace.h"

#include <shogo/conformance/stage.h>

namespace shogo::conformance {

/// By how much the bench moved virtual time from the beginning of a step to a moment of it, in s. A move is
/// written down when it is over, so the one behind the moment counts: too much rather than too little. 0 in
/// real time.
[[nodiscard]] double moved_s(const Transcript& transcript, Span step, std::int64_t moment_ns);

class VirtualTime {
 public:
  static Result<VirtualTime> begin(Stage& stage);
  /// Back to real time, from where virtual time stands.
  Result<void> end(Stage& stage);
  /// Moves time by `duration`, timer by timer; with `step`, those less than a step away fire at its end.
  Result<void> advance(Stage& stage, Nanoseconds duration, Nanoseconds step = Nanoseconds{0});
  /// The device's time when it last told us.
  [[nodiscard]] Nanoseconds now() const { return now_; }

 private:
  Result<void> call(Stage& stage, std::string_view method, boost::json::object params, milliseconds limit);
  Nanoseconds now_{0};
};

}  // namespace shogo::conformance
