#pragma once

namespace shogo::statistics {

/// Correlation within clusters of `size` trials that a design effect stands for, in [0, 1].
[[nodiscard]] double correlation(double effect, double size);

}  // namespace shogo::statistics
