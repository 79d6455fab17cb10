// A feed in a window, to look at. Closing the window, q or Escape ends the feed in order.
#pragma once

#include <memory>
#include <string>

#include <shogo/sim/camera_feed.h>

namespace shogo::sim {

/// The thread that calls this must be the one that plays. kUnavailable: no display.
[[nodiscard]] Result<std::unique_ptr<FrameSink>> window_sink(const std::string& title, int width, int height);

}  // namespace shogo::sim
