// One tour through every fault that this bench can give, shared by 1-20.a (shown), 1-20.b (goes away) and
// 3-18 (logged once). Each stop is a step "fault_NAME", a kept frame NAME, a step "repair_NAME", a kept frame
// repaired_NAME and an export of the device's log.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/image.h>
#include <shogo/conformance/stage.h>
#include <shogo/conformance/transcript.h>

namespace shogo::conformance {

Result<void> stimulate_fault_tour(Stage& stage);

struct TourStop {
  std::string_view name;
  std::string_view en, ja;
  bool disables;  ///< 1-20.a; otherwise 1-20.b only
};
[[nodiscard]] const std::vector<TourStop>& tour_stops();

/// What 1-20 names and the bench cannot give; for INCONCLUSIVE(PARTIAL).
inline constexpr int kDisablingFaults = 10;
inline constexpr int kAllFaults = 12;
struct MissingFaults {
  std::string en, ja;
};
/// Besides the stops of this tour; `all`: of kAllFaults, else of kDisablingFaults.
[[nodiscard]] MissingFaults missing_faults(const Transcript& transcript, bool all);

/// The frame that was kept under this name, or nothing.
[[nodiscard]] std::optional<Image> kept_frame(const Transcript& transcript, std::string_view name);
/// Share of pixels that differ; 1 for frames of different sizes.
[[nodiscard]] double difference(const Image& a, const Image& b);
/// One colour (almost) everywhere.
[[nodiscard]] bool is_blank(const Image& image);
/// From here on two frames say something different: less is a cursor.
inline constexpr double kDistinct = 0.001;

}  // namespace shogo::conformance
