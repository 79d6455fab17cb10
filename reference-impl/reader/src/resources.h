// Data files that are part of the program.
#pragma once

#include <string_view>

namespace shogo::reader {

/// Text of data/NAME. Throws std::logic_error for a name that was not built in.
[[nodiscard]] std::string_view resource(std::string_view name);

}  // namespace shogo::reader
