#include "truth_lines.h"

#include <fmt/format.h>

namespace shogo::sim {

Result<void> write_truth(PartFile& file, const FeedFrame& frame) {
  return file.write(as_bytes(fmt::format("{{\"number\":{},\"frame\":{}}}\n", frame.number,
                                         frame.picture.truth.empty() ? "null" : frame.picture.truth)));
}

}  // namespace shogo::sim
