// The clinic's staff, as far as the bench plays them.
#pragma once

#include <string_view>

namespace shogo::conformance {

/// The password that the bench sets where a management starts without one; all who play staff use this one,
/// because only the first finds the one-time secret.
inline constexpr std::string_view kStaffPassword = "照合 bench staff";

}  // namespace shogo::conformance
