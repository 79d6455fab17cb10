// The capability with which a device says that its management on the clinic PC can be tried (3-20.b, 3-21):
// docs/device-protocol.md, "management".
#pragma once

#include <string_view>

namespace shogo::contract::cap {

inline constexpr std::string_view kManagement = "host.management";

}  // namespace shogo::contract::cap
