// Settings that the clinic's staff may change: device protocol "put_file" of kind settings, and get_settings.
#pragma once

#include <cstdint>
#include <string_view>

#include <boost/json.hpp>

#include <shogo/base/result.h>

namespace shogo::reader {

struct Settings {
  bool random_keypad = false;             ///< 3-12
  std::int64_t idle_timeout_ms = 60'000;  ///< a page nobody touches ends the session
  std::int64_t heartbeat_ms = 5'000;      ///< 3-22.d: of the reader link, both ways
  std::int64_t reconnect_longest_ms =
      8'000;  ///< between two attempts to reach the host agent; the shortest is 1 s
};

constexpr std::int64_t kMinHeartbeat_ms = 200;
constexpr std::int64_t kMaxHeartbeat_ms = 30'000;
constexpr std::int64_t kMinReconnect_ms = 1'000;
constexpr std::int64_t kMaxReconnect_ms = 60'000;
constexpr std::int64_t kMinIdleTimeout_ms = 200;
constexpr std::int64_t kMaxIdleTimeout_ms = 3'600'000;

/// `current` with what `text` (a JSON object) says about it. Unknown keys and wrong types are errors, and
/// then nothing changes.
[[nodiscard]] Result<Settings> read_settings(std::string_view text, const Settings& current);
[[nodiscard]] boost::json::object print_settings(const Settings& settings);

}  // namespace shogo::reader
