// What can be wrong, with the number that screen, manual and error log share (1-20, 3-18, 3-23).
#pragma once

#include <optional>
#include <string_view>

namespace shogo::reader {

struct Fault {
  std::string_view name;
  std::string_view code;  ///< the screen's number (data/messages.json)
  std::string_view part;
};
inline constexpr Fault kFaults[] = {
    {"host_lost", "E101", "host_link"},        {"card_reader_lost", "E102", "card_reader"},
    {"storage_full", "E103", "storage"},       {"clock_wrong", "E104", "clock"},
    {"server_unreachable", "E301", "network"}, {"server_timeout", "E302", "server"},
    {"server_error", "E303", "server"},        {"pin_locked", "E205", "card"},
    {"card_unreadable", "E401", "card"},
};

/// Nothing when it is no fault: a wrong PIN, a patient who leaves.
[[nodiscard]] inline std::optional<Fault> fault_named(std::string_view name) {
  for (const Fault& fault : kFaults)
    if (fault.name == name) return fault;
  return std::nullopt;
}

}  // namespace shogo::reader
