// A card's trace in words: "VERIFY number B (visual/0012), 14 bytes -> 63C9 wrong, 9 tries left". Says which
// file and how many bytes, never which bytes.
#pragma once

#include <string>

#include <boost/json/value.hpp>

#include <shogo/sim/virtual_card.h>

namespace shogo::sim {

/// One line, without a time.
[[nodiscard]] std::string apdu_text(const ApduTrace& trace, const CardProfile& profile);
/// {"cla", "ins", "p1", "p2" as hex, "lc", "le", "sw" as hex, "bytes", "command", "meaning", "application",
/// "file"}.
[[nodiscard]] boost::json::object apdu_json(const ApduTrace& trace, const CardProfile& profile);
/// What the profile calls the file, PIN or key that was current after the command: "card_face", "number_b",
/// "key visual"; empty when nothing was. So that nobody else needs file numbers.
[[nodiscard]] std::string current_content(const ApduTrace& trace, const CardProfile& profile);
/// "2 tries left" for 63C2.
[[nodiscard]] std::string status_text(std::uint16_t sw);

}  // namespace shogo::sim
