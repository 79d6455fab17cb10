#include <algorithm>

#include <fmt/core.h>

#include <shogo/contract/rf_block.h>
#include <shogo/sim/rf_timing.h>

namespace shogo::sim {
namespace {

constexpr int kSlowest = 106;
constexpr double kEtu_ns = 128.0 / 13.56e6 * 1e9;  // at 106 kbit/s: 128 periods of the carrier
constexpr int kBitsOfByte = 10;                    // start, eight, stop; no extra guard time
constexpr int kBitsAround = 22;                    // start of frame 10 + 2, end of frame 10
constexpr Nanoseconds kBeforeAnswer{170'000};      // TR0 of 64 and TR1 of 80 periods of the subcarrier
constexpr Nanoseconds kBeforeRequest{132'000};     // frame delay of 14 etu

Nanoseconds bits(std::size_t count, int kbit_per_s) {
  return Nanoseconds(static_cast<std::int64_t>(static_cast<double>(count) * kEtu_ns * kSlowest / kbit_per_s));
}

std::size_t pieces(std::size_t bytes, std::size_t room) {
  return std::max<std::size_t>(1, (bytes + room - 1) / room);
}

}  // namespace

Result<RfTiming> rf_timing(int kbit_per_s) {
  for (const int rate : {106, 212, 424, 848}) {
    if (rate != kbit_per_s) continue;
    RfTiming timing;
    timing.kbit_per_s = rate;
    return timing;
  }
  return Error{Code::kInvalid,
               fmt::format("a card talks at 106, 212, 424 or 848 kbit/s, not {}", kbit_per_s)};
}

Nanoseconds RfTiming::frame(std::size_t bytes) const {
  return bits(kBitsAround + kBitsOfByte * bytes, kbit_per_s);
}

Nanoseconds RfTiming::exchange(std::size_t there, std::size_t back) const {
  return kBeforeRequest + frame(there) + kBeforeAnswer + frame(back);
}

Nanoseconds RfTiming::work(ByteView command, std::size_t answer) const {
  const Nanoseconds reading = per_256_bytes * static_cast<std::int64_t>((answer + 255) / 256);
  if (command.size() < 2) return any_command;
  const bool brings_bytes = command.size() > 5;
  switch (command[1]) {
    case 0x20:  // VERIFY; an empty one only asks
      return any_command + (brings_bytes ? memory_write : Nanoseconds(0));
    case 0x24:  // CHANGE REFERENCE DATA
    case 0x2C:  // RESET RETRY COUNTER
    case 0x32:  // CHANGE KEY
      return any_command + memory_write;
    case 0x2A:  // COMPUTE DIGITAL SIGNATURE
    case 0x88:  // INTERNAL AUTHENTICATE
    case 0xAE:  // SET SESSION KEY
      return any_command + private_key;
    case 0x82:  // EXTERNAL AUTHENTICATE
    case 0xA2:  // SET TERMINAL KEY
      return any_command + public_key;
    default:
      return any_command + reading;
  }
}

Nanoseconds RfTiming::apdu(ByteView command, std::size_t answer, std::size_t frame_size) const {
  const std::size_t room = frame_size - contract::kBlockOverhead;
  const std::size_t there = pieces(command.size(), room), back = pieces(answer, room);
  Nanoseconds total = work(command, answer);
  // Each piece of the command but the last is acknowledged, and each of the answer but the first is asked
  // for.
  total += static_cast<std::int64_t>(there + back - 1) * (kBeforeRequest + kBeforeAnswer);
  total += bits(2 * kBitsAround * (there + back - 1), kbit_per_s);
  total += bits(kBitsOfByte * (command.size() + answer + 2 * contract::kBlockOverhead * (there + back - 1)),
                kbit_per_s);
  return total;
}

}  // namespace shogo::sim
