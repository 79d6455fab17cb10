// Status words and instruction bytes, with the meaning the card gives them (docs/cards.md).
#pragma once

#include <cstdint>

namespace shogo::sim::sw {

constexpr std::uint16_t kOk = 0x9000;
constexpr std::uint16_t kTriesLeft = 0x63C0;  ///< low digit: the counter
constexpr std::uint16_t kWrongWithoutLimit = 0x6300;
constexpr std::uint16_t kMemoryFailure = 0x6581;
constexpr std::uint16_t kWrongLength = 0x6700;
constexpr std::uint16_t kWrongFileType = 0x6981;
constexpr std::uint16_t kSecurityStatus = 0x6982;
constexpr std::uint16_t kBlocked = 0x6984;  ///< the JICSAP code; ISO's 6983 is not what these cards say
constexpr std::uint16_t kConditions = 0x6985;
constexpr std::uint16_t kNoCurrentFile = 0x6986;
constexpr std::uint16_t kObjectsMissing = 0x6987;  ///< of secure messaging
constexpr std::uint16_t kObjectsWrong = 0x6988;    ///< of secure messaging; the session is lost
constexpr std::uint16_t kNoSession = 0x69FC;
constexpr std::uint16_t kWrongData = 0x6A80;
constexpr std::uint16_t kFileNotFound = 0x6A82;
constexpr std::uint16_t kRecordNotFound = 0x6A83;
constexpr std::uint16_t kWrongP1P2 = 0x6A86;
constexpr std::uint16_t kReferenceNotFound = 0x6A88;
constexpr std::uint16_t kOffsetOutside = 0x6B00;
constexpr std::uint16_t kCorrectLe = 0x6C00;  ///< low byte: the length to ask for
constexpr std::uint16_t kInstructionNotSupported = 0x6D00;
constexpr std::uint16_t kClassNotSupported = 0x6E00;
constexpr std::uint16_t kInternal = 0x6F00;

}  // namespace shogo::sim::sw

namespace shogo::sim::ins {

constexpr std::uint8_t kVerify = 0x20;
constexpr std::uint8_t kChange = 0x24;
constexpr std::uint8_t kSign = 0x2A;
constexpr std::uint8_t kResetRetryCounter = 0x2C;
constexpr std::uint8_t kChangeKey = 0x32;
constexpr std::uint8_t kExternalAuthenticate = 0x82;
constexpr std::uint8_t kGetChallenge = 0x84;
constexpr std::uint8_t kInternalAuthenticate = 0x88;
constexpr std::uint8_t kSetTerminalKey = 0xA2;
constexpr std::uint8_t kSelect = 0xA4;
constexpr std::uint8_t kSetSessionKey = 0xAE;
constexpr std::uint8_t kReadBinary = 0xB0;
constexpr std::uint8_t kReadRecord = 0xB2;
constexpr std::uint8_t kGetData = 0xCA;

/// Commands whose body is a secret, in whichever class.
constexpr bool brings_secret(std::uint8_t instruction) {
  return instruction == kVerify || instruction == kChange || instruction == kResetRetryCounter ||
         instruction == kChangeKey;
}

}  // namespace shogo::sim::ins
