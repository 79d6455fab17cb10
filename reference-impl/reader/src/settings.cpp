#include "settings.h"

#include <algorithm>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>

namespace shogo::reader {

namespace {

struct NumberSetting {
  std::string_view name;
  std::int64_t Settings::*member;
  std::int64_t least, most;
};
constexpr NumberSetting kNumbers[] = {
    {"idle_timeout_ms", &Settings::idle_timeout_ms, kMinIdleTimeout_ms, kMaxIdleTimeout_ms},
    {"reminder_ms", &Settings::reminder_ms, kMinIdleTimeout_ms, kMaxIdleTimeout_ms},
    {"volume", &Settings::volume, kMinVolume, kMaxVolume},
    {"heartbeat_ms", &Settings::heartbeat_ms, kMinHeartbeat_ms, kMaxHeartbeat_ms},
    {"reconnect_longest_ms", &Settings::reconnect_longest_ms, kMinReconnect_ms, kMaxReconnect_ms},
    {"update_poll_ms", &Settings::update_poll_ms, kMinUpdatePoll_ms, kMaxUpdatePoll_ms},
};

/// Characters, not bytes (2-5): a text is refused whole and never cut. The JSON reader has seen to it that
/// the text is UTF-8. What is written there is shown as it is: there is no markup.
Result<void> check_text(std::string_view key, std::string_view text, std::size_t most) {
  std::size_t characters = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F)
      return Error{Code::kInvalid, fmt::format("settings: \"{}\" holds a control character", key)};
    if ((byte & 0xC0) != 0x80) ++characters;
  }
  if (characters > most)
    return Error{Code::kInvalid,
                 fmt::format("settings: \"{}\" has {} characters, at most {} fit", key, characters, most)};
  return {};
}

constexpr std::string_view kOffered = "languages";

/// In the order of kLanguages, whatever the order in the file: the key goes round in it.
Result<std::vector<Language>> read_languages(const json::value& value) {
  std::string known;
  for (const auto& [language, code] : kLanguages)
    known += fmt::format("{}{}", known.empty() ? "" : ", ", code);
  if (!value.is_array())
    return Error{Code::kInvalid, fmt::format("settings: \"{}\" must be a list of {}", kOffered, known)};
  std::vector<Language> offered;
  for (const auto& [language, code] : kLanguages)
    for (const json::value& named : value.get_array())
      if (named.is_string() && named.get_string() == code) offered.push_back(language);
  if (offered.size() != value.get_array().size() ||
      std::adjacent_find(offered.begin(), offered.end()) != offered.end())
    return Error{Code::kInvalid, fmt::format("settings: \"{}\" may name each of {} once, got {}", kOffered,
                                             known, json::serialize(value))};
  if (offered.empty() || offered.front() != kLanguages[0].first)
    return Error{Code::kInvalid,
                 fmt::format("settings: \"{}\" must keep \"{}\": Japanese cannot be taken away", kOffered,
                             kLanguages[0].second)};
  return offered;
}

Result<void> check_keys(const JsonObject& object) {
  for (const auto& pair : object.raw()) {
    const auto known = [&](const auto& entry) { return entry.name == std::string_view(pair.key()); };
    if (pair.key() != kOffered && std::none_of(std::begin(kSwitches), std::end(kSwitches), known) &&
        std::none_of(std::begin(kNumbers), std::end(kNumbers), known) &&
        std::none_of(std::begin(kTexts), std::end(kTexts), known))
      return Error{Code::kInvalid, fmt::format("settings: unknown key \"{}\"", std::string_view(pair.key()))};
  }
  return {};
}

}  // namespace

Result<Settings> read_settings(std::string_view text, const Settings& current) {
  SHOGO_TRY(const json::value document, parse_json(text, "settings"));
  SHOGO_TRY(const JsonObject object, JsonObject::of(document, "settings"));
  SHOGO_CHECK_OK(check_keys(object));
  Settings settings = current;
  for (const auto& [name, member] : kSwitches) {
    if (object.missing(name)) continue;
    SHOGO_TRY(settings.*member, object.boolean(name));
  }
  for (const auto& [key, member, least, most] : kNumbers) {
    if (object.missing(key)) continue;
    SHOGO_TRY(const std::int64_t value, object.integer(key));
    if (value < least || value > most)
      return Error{Code::kInvalid,
                   fmt::format("settings: \"{}\" must be {} to {}, got {}", key, least, most, value)};
    settings.*member = value;
  }
  for (const auto& [key, member, most] : kTexts) {
    if (object.missing(key)) continue;
    SHOGO_TRY(settings.*member, object.string(key));
    SHOGO_CHECK_OK(check_text(key, settings.*member, most));
  }
  if (!object.missing(kOffered)) {
    SHOGO_TRY(settings.languages, read_languages(object.raw().at(kOffered)));
  }
  return settings;
}

boost::json::object print_settings(const Settings& settings) {
  boost::json::object object;
  for (const auto& [name, member] : kSwitches) object[name] = settings.*member;
  for (const auto& [key, member, least, most] : kNumbers) object[key] = settings.*member;
  for (const auto& [key, member, most] : kTexts) object[key] = settings.*member;
  boost::json::array offered;
  for (const Language language : settings.languages) offered.emplace_back(code_of(language));
  object[kOffered] = std::move(offered);
  return object;
}

}  // namespace shogo::reader
