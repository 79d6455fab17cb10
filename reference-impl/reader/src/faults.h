// What can be wrong, with the number that screen, manual and error log share (1-20, 3-18, 3-23).
#pragma once

#include <optional>
#include <string_view>

namespace shogo::reader {

struct Fault {
  std::string_view name;
  std::string_view code;  ///< the screen's number (data/messages.json)
  std::string_view part;
  std::string_view screen;  ///< whose title is the record's message (Japanese, UTF-8: 2-5)
};
inline constexpr Fault kFaults[] = {
    {"host_lost", "E101", "host_link", "out_of_service"},
    {"card_reader_lost", "E102", "card_reader", "card_reader_lost"},
    {"storage_full", "E103", "storage", "storage_full"},
    {"clock_wrong", "E104", "clock", "clock_wrong"},
    {"server_unreachable", "E301", "network", "server_unreachable"},
    {"server_timeout", "E302", "server", "server_timeout"},
    {"server_error", "E303", "server", "server_error"},
    {"pin_locked", "E205", "card", "pin_locked"},
    {"card_unreadable", "E401", "card", "card_unreadable"},
};

/// Nothing when it is no fault: a wrong PIN, a patient who leaves.
[[nodiscard]] inline std::optional<Fault> fault_named(std::string_view name) {
  for (const Fault& fault : kFaults)
    if (fault.name == name) return fault;
  return std::nullopt;
}

}  // namespace shogo::reader
