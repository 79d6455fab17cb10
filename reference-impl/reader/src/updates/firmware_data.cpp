#include "updates/firmware_data.h"

#include "resources.h"
#include "ui/fonts.h"
#include "version.h"
#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>

namespace shogo::reader {
namespace {

constexpr std::string_view kWhere = "firmware data";

/// "{}", "{place}" in order of their names; nothing: a brace without its other half.
std::optional<std::vector<std::string_view>> blanks(std::string_view text) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0; (at = text.find_first_of("{}", at)) != text.npos;) {
    const std::size_t end = text.find_first_of("{}", at + 1);
    if (text[at] == '}' || end == text.npos || text[end] == '{') return std::nullopt;
    found.push_back(text.substr(at, end + 1 - at));
    at = end + 1;
  }
  std::sort(found.begin(), found.end());
  return found;
}

Result<void> may_replace(std::string_view old, std::string_view text, const std::string& where) {
  const std::u32string characters = decode_utf8(text);
  const bool plain = std::all_of(characters.begin(), characters.end(),
                                 [](char32_t c) { return c >= 0x20 && c != 0x7F && c != 0xFFFD; });
  if (!plain || characters.size() > kMostWords || (text.empty() && !old.empty()))
    return Error{Code::kInvalid,
                 fmt::format("{}: expected 1 to {} characters and no control characters", where, kMostWords)};
  // A text is filled in where it is shown: with other blanks than it has been written for, nobody can.
  if (blanks(text) != blanks(old))
    return Error{Code::kInvalid, fmt::format("{}: expected the blanks of \"{}\"", where, old)};
  return {};
}

/// {"ja": …, "en": …}: one text in some languages.
Result<void> replace_text(json::object& known, const JsonObject& given) {
  for (const auto& [language, text] : given.raw()) {
    json::value* old = known.if_contains(language);
    const std::string where = fmt::format("{}.{}", given.where(), std::string_view(language));
    if (old == nullptr || !old->is_string())
      return Error{Code::kInvalid, fmt::format("{}: this device has no such language", where)};
    if (!text.is_string()) return Error{Code::kInvalid, fmt::format("{}: expected a text", where)};
    SHOGO_CHECK_OK(may_replace(old->get_string(), text.get_string(), where));
    *old = text;
  }
  return {};
}

/// The object of this name among the known ones.
Result<json::object*> known_one(json::object& known, const JsonObject& given, std::string_view name) {
  json::value* found = known.if_contains(name);
  if (found == nullptr || !found->is_object())
    return Error{Code::kInvalid, fmt::format("{}.{}: no such words", given.where(), name)};
  return &found->get_object();
}

Result<void> replace_words(json::object& known, const JsonObject& given) {
  for (const auto& [name, unused] : given.raw()) {
    SHOGO_TRY(const JsonObject text, given.object(name));
    SHOGO_TRY(json::object* const word, known_one(known, given, name));
    SHOGO_CHECK_OK(replace_text(*word, text));
  }
  return {};
}

Result<void> replace_screens(json::object& known, const JsonObject& given) {
  for (const auto& [name, unused] : given.raw()) {
    SHOGO_TRY(const JsonObject parts, given.object(name));
    SHOGO_CHECK_OK(parts.only({"title", "body"}));  // an error keeps its number
    SHOGO_TRY(json::object* const screen, known_one(known, given, name));
    SHOGO_CHECK_OK(replace_words(*screen, parts));
  }
  return {};
}

}  // namespace

Result<Messages> read_firmware_data(ByteView content) {
  if (content.size() > kMostFirmwareData)
    return Error{Code::kExhausted, fmt::format("{}: longer than {} bytes", kWhere, kMostFirmwareData)};
  SHOGO_TRY(const json::value document, parse_json(as_text(content), kWhere));
  SHOGO_TRY(const JsonObject object, JsonObject::of(document, std::string(kWhere)));
  SHOGO_CHECK_OK(object.only({"format", "firmware", "words", "screens"}));
  SHOGO_TRY(const std::int64_t format, object.integer("format"));
  SHOGO_TRY(const std::string firmware, object.string("firmware"));
  if (format != 1 || firmware != kFirmware)
    return Error{Code::kUnsupported, fmt::format("{}: format {} for firmware {}; expected 1 for {}", kWhere,
                                                 format, firmware, kFirmware)};
  SHOGO_TRY(json::value all, parse_json(resource("messages.json"), "messages.json"));
  json::object& known = all.get_object();
  if (!object.missing("words")) {
    SHOGO_TRY(const JsonObject words, object.object("words"));
    SHOGO_CHECK_OK(replace_words(known.at("words").get_object(), words));
  }
  if (!object.missing("screens")) {
    SHOGO_TRY(const JsonObject screens, object.object("screens"));
    SHOGO_CHECK_OK(replace_screens(known.at("screens").get_object(), screens));
  }
  return Messages::load(json::serialize(all), kWhere);
}

}  // namespace shogo::reader
