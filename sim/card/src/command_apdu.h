// A command APDU taken apart: ISO/IEC 7816-4 5.1, cases 1 to 4, short and extended.
#pragma once

#include <optional>

#include <shogo/base/bytes.h>

namespace shogo::sim {

struct CommandApdu {
  std::uint8_t cla = 0, ins = 0, p1 = 0, p2 = 0;
  ByteView body;       ///< borrows from the parsed bytes
  std::size_t ne = 0;  ///< expected answer length; 0: no Le
  bool extended = false;
};

/// Nothing when the lengths contradict each other (status word 6700). Takes one form outside the standard
/// that a public client sends: a short Lc followed by a two-byte Le.
[[nodiscard]] std::optional<CommandApdu> parse_command(ByteView bytes);

}  // namespace shogo::sim
