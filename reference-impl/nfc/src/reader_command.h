// Commands that the reader answers itself and never sends to the card: class FF (PC/SC part 3, 3.2.2).
#pragma once

#include <optional>

#include <shogo/base/bytes.h>

namespace shogo::reference {

/// The answer to a reader command, or nothing when the command is for the card. `pupi` is what get-UID
/// (FF CA 00 00) reports for a Type B card.
[[nodiscard]] std::optional<Bytes> answer_reader_command(ByteView apdu, ByteView pupi);

}  // namespace shogo::reference
