// What this program is made of.
#pragma once

#include <string_view>

namespace shogo::conformance {

[[nodiscard]] std::string_view tool_version();  ///< "0.1.0"
[[nodiscard]] std::string_view
tool_commit();  ///< "0123456789ab", with "-dirty" for uncommitted changes, or "unknown"
[[nodiscard]] std::string_view build_id();  ///< one hash over all sources that decide verdicts

}  // namespace shogo::conformance
