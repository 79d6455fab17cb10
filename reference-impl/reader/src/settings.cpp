#include "settings.h"

#include <fmt/core.h>

#include <shogo/base/json_reader.h>

namespace shogo::reader {

namespace {

struct NumberSetting {
  const char* key;
  std::int64_t Settings::*member;
  std::int64_t least, most;
};
constexpr NumberSetting kNumbers[] = {
    {"idle_timeout_ms", &Settings::idle_timeout_ms, kMinIdleTimeout_ms, kMaxIdleTimeout_ms},
    {"heartbeat_ms", &Settings::heartbeat_ms, kMinHeartbeat_ms, kMaxHeartbeat_ms},
    {"reconnect_longest_ms", &Settings::reconnect_longest_ms, kMinReconnect_ms, kMaxReconnect_ms},
};

}  // namespace

Result<Settings> read_settings(std::string_view text, const Settings& current) {
  SHOGO_TRY(const json::value document, parse_json(text, "settings"));
  SHOGO_TRY(const JsonObject object, JsonObject::of(document, "settings"));
  SHOGO_CHECK_OK(object.only({"random_keypad", "idle_timeout_ms", "heartbeat_ms", "reconnect_longest_ms"}));
  Settings settings = current;
  if (!object.missing("random_keypad")) {
    SHOGO_TRY(settings.random_keypad, object.boolean("random_keypad"));
  }
  for (const auto& [key, member, least, most] : kNumbers) {
    if (object.missing(key)) continue;
    SHOGO_TRY(const std::int64_t value, object.integer(key));
    if (value < least || value > most)
      return Error{Code::kInvalid,
                   fmt::format("settings: \"{}\" must be {} to {}, got {}", key, least, most, value)};
    settings.*member = value;
  }
  return settings;
}

boost::json::object print_settings(const Settings& settings) {
  boost::json::object object{{"random_keypad", settings.random_keypad}};
  for (const auto& [key, member, least, most] : kNumbers) object[key] = settings.*member;
  return object;
}

}  // namespace shogo::reader
