// Pairing on a desk: writes the key that reader and host agent share.
#pragma once

#include <filesystem>

#include <shogo/base/result.h>

namespace shogo::agent {

/// Writes FOLDER/link.key (32 random bytes in hex, readable by its owner only). kConflict when there is one
/// already.
[[nodiscard]] Result<std::filesystem::path> provision(const std::filesystem::path& folder);

}  // namespace shogo::agent
