#include "settings.h"

#include <fmt/core.h>

#include <shogo/base/json_reader.h>

namespace shogo::reader {

Result<Settings> read_settings(std::string_view text, const Settings& current) {
  SHOGO_TRY(const json::value document, parse_json(text, "settings"));
  SHOGO_TRY(const JsonObject object, JsonObject::of(document, "settings"));
  SHOGO_CHECK_OK(object.only({"random_keypad", "idle_timeout_ms"}));
  Settings settings = current;
  if (!object.missing("random_keypad")) {
    SHOGO_TRY(settings.random_keypad, object.boolean("random_keypad"));
  }
  if (!object.missing("idle_timeout_ms")) {
    SHOGO_TRY(settings.idle_timeout_ms, object.integer("idle_timeout_ms"));
    if (settings.idle_timeout_ms < kMinIdleTimeout_ms || settings.idle_timeout_ms > kMaxIdleTimeout_ms)
      return Error{Code::kInvalid,
                   fmt::format("settings: \"idle_timeout_ms\" must be {} to {}, got {}", kMinIdleTimeout_ms,
                               kMaxIdleTimeout_ms, settings.idle_timeout_ms)};
  }
  return settings;
}

boost::json::object print_settings(const Settings& settings) {
  return {{"random_keypad", settings.random_keypad}, {"idle_timeout_ms", settings.idle_timeout_ms}};
}

}  // namespace shogo::reader
