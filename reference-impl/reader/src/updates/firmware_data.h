// Firmware data: words of the pages that are newer than those built in, as an update package brings them
// (docs/updates.md). They replace words; they add no page, no button and no language, and what the words are
// filled with stays ("{}", "{place}").
#pragma once

#include "ui/messages.h"

#include <shogo/base/bytes.h>

namespace shogo::reader {

constexpr std::size_t kMostFirmwareData = 256U << 10;  ///< bytes
constexpr std::size_t kMostWords = 300;                ///< characters of one text

/// All words, those of the content in place of the built-in ones. kInvalid, kUnsupported (made for another
/// firmware), kExhausted (too long): nothing can be made of it.
[[nodiscard]] Result<Messages> read_firmware_data(ByteView content);

}  // namespace shogo::reader
