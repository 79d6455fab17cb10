// What is true of the frames of a file: one JSON object a line, beside it.
#pragma once

#include "part_file.h"

#include <shogo/sim/camera_feed.h>

namespace shogo::sim {

[[nodiscard]] Result<void> write_truth(PartFile& file, const FeedFrame& frame);

}  // namespace shogo::sim
