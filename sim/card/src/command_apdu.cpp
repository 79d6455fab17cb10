#include "command_apdu.h"

namespace shogo::sim {
namespace {

std::size_t short_le(std::uint8_t byte) {
  return byte == 0 ? 256 : byte;
}

std::size_t extended_le(ByteView two) {
  const std::size_t value = static_cast<std::size_t>(read_be(two));
  return value == 0 ? 65536 : value;
}

}  // namespace

std::optional<CommandApdu> parse_command(ByteView bytes) {
  if (bytes.size() < 4) return std::nullopt;
  CommandApdu command{bytes[0], bytes[1], bytes[2], bytes[3], {}, 0, false};
  const ByteView rest = bytes.subspan(4);
  if (rest.empty()) return command;
  if (rest.size() == 1) {
    command.ne = short_le(rest[0]);
    return command;
  }
  if (rest[0] != 0) {
    const std::size_t lc = rest[0];
    if (rest.size() < 1 + lc) return std::nullopt;
    command.body = rest.subspan(1, lc);
    const ByteView le = rest.subspan(1 + lc);
    if (le.size() > 2) return std::nullopt;
    if (le.size() == 1) command.ne = short_le(le[0]);
    if (le.size() == 2) command.ne = extended_le(le);
    return command;
  }
  command.extended = true;
  if (rest.size() < 3) return std::nullopt;
  if (rest.size() == 3) {
    command.ne = extended_le(rest.subspan(1));
    return command;
  }
  const std::size_t lc = static_cast<std::size_t>(read_be(rest.subspan(1, 2)));
  if (lc == 0 || rest.size() < 3 + lc) return std::nullopt;
  command.body = rest.subspan(3, lc);
  const ByteView le = rest.subspan(3 + lc);
  if (le.size() != 0 && le.size() != 2) return std::nullopt;
  if (le.size() == 2) command.ne = extended_le(le);
  return command;
}

}  // namespace shogo::sim
