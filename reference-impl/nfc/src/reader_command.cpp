#include "reader_command.h"

namespace shogo::reference {
namespace {

constexpr std::uint8_t kReaderClass = 0xFF;
constexpr std::uint8_t kGetData = 0xCA;

}  // namespace

std::optional<Bytes> answer_reader_command(ByteView apdu, ByteView pupi) {
  if (apdu.empty() || apdu[0] != kReaderClass) return std::nullopt;
  if (apdu.size() < 4) return "6700"_hex;
  if (apdu[1] != kGetData) return "6D00"_hex;
  if (apdu[2] != 0 || apdu[3] != 0) return "6A81"_hex;  // P1=01 asks for the ATS, which Type B does not have
  if (apdu.size() > 5) return "6700"_hex;
  const std::size_t wanted = apdu.size() == 4 || apdu[4] == 0 ? pupi.size() : apdu[4];
  if (wanted < pupi.size()) return Bytes{0x6C, static_cast<std::uint8_t>(pupi.size())};
  Bytes answer(pupi.begin(), pupi.end());
  append(answer, wanted > pupi.size() ? "6282"_hex : "9000"_hex);  // part 3, table 3-9
  return answer;
}

}  // namespace shogo::reference
