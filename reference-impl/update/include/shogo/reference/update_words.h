// The words in which both ends tell each other about update packages. What comes over the link gets into a
// log or before people only as one of these.
#pragma once

#include <string_view>

namespace shogo::reference {

inline constexpr std::string_view kUpdateKinds[] = {"settings", "accuracy", "card_profiles", "firmware_data",
                                                    "keys"};
/// "known": the package in force, met again; nothing has happened.
inline constexpr std::string_view kUpdateOutcomes[] = {"installed", "refused", "rolled_back", "damaged",
                                                       "known"};
inline constexpr std::string_view kUpdateReasons[] = {
    "none",           "not_a_package", "truncated",
    "too_large",      "unknown_key",   "bad_signature",
    "wrong_content",  "bad_header",    "replayed",
    "downgrade",      "trial_running", "bad_keys",
    "signer_missing", "storage_full",  "storage_failed",
    "not_understood", "no_start",      "other_than_announced",
    "no_use"};

/// The table's own word that reads so; "unknown" when it has none.
template <std::size_t N>
[[nodiscard]] constexpr std::string_view known_word(const std::string_view (&table)[N],
                                                    std::string_view text) {
  for (const std::string_view entry : table)
    if (entry == text) return entry;
  return "unknown";
}

}  // namespace shogo::reference
