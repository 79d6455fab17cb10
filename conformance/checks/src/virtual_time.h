// Virtual time in a script: the device's clock, and every other clock of the bench, stands still and moves
// only on request (clock.virtual). pcscd keeps its own: a card that is laid down or taken away is noticed in
// real time, whatever the virtual time is.
#pragma once

#include <shogo/conformance/stage.h>

namespace shogo::conformance {

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
