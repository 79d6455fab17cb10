#include <algorithm>
#include <set>

#include <fmt/core.h>

#include <shogo/base/embedded.h>
#include <shogo/base/json_reader.h>
#include <shogo/sim/card_profile.h>

namespace shogo::embedded_shogo_sim_card {
std::span<const EmbeddedFile> files();
}

namespace shogo::sim {
namespace {

constexpr std::string_view kSchema = "shogo-card-profile/1";

Result<Bytes> hex_field(const JsonObject& object, std::string_view key, std::size_t min, std::size_t max) {
  SHOGO_TRY(const std::string text, object.string(key));
  SHOGO_TRY(Bytes bytes, from_hex(text));
  if (bytes.size() < min || bytes.size() > max)
    return Error{Code::kInvalid, fmt::format("{}: \"{}\" must be {} to {} bytes in hex, got {}",
                                             object.where(), key, min, max, bytes.size())};
  return bytes;
}

Result<std::uint16_t> number_field(const JsonObject& object, std::string_view key, std::size_t size) {
  SHOGO_TRY(const Bytes bytes, hex_field(object, key, size, size));
  return static_cast<std::uint16_t>(read_be(bytes));
}

/// "free", "never" or a list of PIN ids.
Result<AccessRule> rule_field(const JsonObject& object, std::string_view key) {
  AccessRule rule;
  const json::value* value = object.raw().if_contains(key);
  if (value != nullptr && value->is_array()) {
    rule.kind = AccessRule::Kind::kAnyOf;
    SHOGO_TRY(const auto ids, object.strings(key));
    for (const std::string& id : ids) {
      SHOGO_TRY(const Bytes bytes, from_hex(id));
      if (bytes.size() != 2)
        return Error{Code::kInvalid,
                     fmt::format("{}: \"{}\" lists {}; ids have 4 digits", object.where(), key, id)};
      rule.secrets.push_back(static_cast<std::uint16_t>(read_be(bytes)));
    }
    return rule;
  }
  SHOGO_TRY(const std::string word, object.string(key));
  if (word != "free" && word != "never")
    return Error{Code::kInvalid, fmt::format("{}: \"{}\" must be \"free\", \"never\" or a list of PIN ids",
                                             object.where(), key)};
  rule.kind = word == "free" ? AccessRule::Kind::kFree : AccessRule::Kind::kNever;
  return rule;
}

Result<CardFile> parse_file(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only({"id", "content", "read"}));
  CardFile file;
  SHOGO_TRY(file.id, number_field(object, "id", 2));
  SHOGO_TRY(file.content, object.string("content"));
  SHOGO_TRY(file.read, rule_field(object, "read"));
  return file;
}

Result<CardPin> parse_pin(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only({"id", "secret", "tries", "min", "max", "alphabet", "changeable"}));
  CardPin pin;
  SHOGO_TRY(pin.id, number_field(object, "id", 2));
  SHOGO_TRY(pin.secret, object.string("secret"));
  SHOGO_TRY(const std::int64_t tries, object.integer("tries"));
  SHOGO_TRY(const std::int64_t min, object.integer("min"));
  SHOGO_TRY(const std::int64_t max, object.integer("max"));
  SHOGO_TRY(const std::string alphabet, object.string("alphabet"));
  SHOGO_TRY(pin.changeable, object.boolean("changeable"));
  // 63Cx has one hex digit for the counter; a VERIFY body here has 1 to 16 bytes.
  if (tries < 1 || tries > 15 || min < 1 || max > 16 || min > max)
    return Error{Code::kInvalid,
                 fmt::format("{}: tries must be 1 to 15 and lengths 1 to 16", object.where())};
  if (alphabet != "digits" && alphabet != "upper_case_and_digits")
    return Error{Code::kInvalid, fmt::format("{}: unknown alphabet \"{}\"", object.where(), alphabet)};
  pin.tries = static_cast<int>(tries);
  pin.min_length = static_cast<std::size_t>(min);
  pin.max_length = static_cast<std::size_t>(max);
  pin.alphabet = alphabet == "digits" ? CardPin::Alphabet::kDigits : CardPin::Alphabet::kUpperCaseAndDigits;
  return pin;
}

Result<CardKey> parse_key(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only({"id", "key", "use", "default"}));
  CardKey key;
  SHOGO_TRY(key.id, number_field(object, "id", 2));
  SHOGO_TRY(key.key, object.string("key"));
  SHOGO_TRY(key.use, rule_field(object, "use"));
  if (!object.missing("default")) {
    SHOGO_TRY(key.is_default, object.boolean("default"));
  }
  return key;
}

/// Ids are unique, and rules name PINs that exist: otherwise a file would be silently unreadable.
Result<void> check_application(const CardApplication& application, const std::string& where) {
  std::set<std::uint16_t> ids, pins;
  const auto add = [&](std::uint16_t id) { return ids.insert(id).second; };
  bool unique = true;
  for (const CardFile& file : application.files) unique = add(file.id) && unique;
  for (const CardKey& key : application.keys) unique = add(key.id) && unique;
  for (const CardPin& pin : application.pins) {
    unique = add(pin.id) && unique;
    pins.insert(pin.id);
  }
  if (!unique) return Error{Code::kInvalid, fmt::format("{}: an id is used twice", where)};
  const auto known = [&](const AccessRule& rule) {
    return std::all_of(rule.secrets.begin(), rule.secrets.end(),
                       [&](std::uint16_t id) { return pins.contains(id); });
  };
  for (const CardFile& file : application.files) {
    if (!known(file.read))
      return Error{Code::kInvalid,
                   fmt::format("{}: file {:04X} names a PIN that does not exist", where, file.id)};
  }
  for (const CardKey& key : application.keys) {
    if (!known(key.use))
      return Error{Code::kInvalid,
                   fmt::format("{}: key {:04X} names a PIN that does not exist", where, key.id)};
  }
  return {};
}

Result<CardApplication> parse_application(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only({"name", "aid", "files", "pins", "keys"}));
  CardApplication application;
  SHOGO_TRY(application.name, object.string("name"));
  SHOGO_TRY(application.aid, hex_field(object, "aid", 5, 16));
  SHOGO_TRY(const auto files, object.objects("files"));
  for (const JsonObject& item : files) {
    SHOGO_TRY(CardFile file, parse_file(item));
    application.files.push_back(std::move(file));
  }
  SHOGO_TRY(const auto pins, object.objects("pins"));
  for (const JsonObject& item : pins) {
    SHOGO_TRY(CardPin pin, parse_pin(item));
    application.pins.push_back(std::move(pin));
  }
  SHOGO_TRY(const auto keys, object.objects("keys"));
  for (const JsonObject& item : keys) {
    SHOGO_TRY(CardKey key, parse_key(item));
    application.keys.push_back(std::move(key));
  }
  SHOGO_CHECK_OK(check_application(application, object.where()));
  return application;
}

}  // namespace

Result<CardProfile> parse_card_profile(std::string_view text, std::string_view where) {
  SHOGO_TRY(const json::value document, parse_json(text, where));
  SHOGO_TRY(const JsonObject object, JsonObject::of(document, std::string(where)));
  SHOGO_CHECK_OK(object.only({"schema", "name", "atqb", "issuer_domain", "applications", "fixed_answers"}));
  SHOGO_TRY(const std::string schema, object.string("schema"));
  if (schema != kSchema)
    return Error{Code::kUnsupported,
                 fmt::format("{}: schema {}; this program reads {}", where, schema, kSchema)};
  CardProfile profile;
  SHOGO_TRY(profile.name, object.string("name"));
  SHOGO_TRY(const JsonObject atqb, object.object("atqb"));
  SHOGO_CHECK_OK(atqb.only({"application_data", "protocol_info", "mbli"}));
  SHOGO_TRY(profile.atqb.application_data, hex_field(atqb, "application_data", 4, 4));
  SHOGO_TRY(profile.atqb.protocol_info, hex_field(atqb, "protocol_info", 3, 3));
  SHOGO_TRY(const std::int64_t mbli, atqb.integer("mbli"));
  if (mbli < 0 || mbli > 15) return Error{Code::kInvalid, fmt::format("{}: mbli is one hex digit", where)};
  profile.atqb.mbli = static_cast<std::uint8_t>(mbli);
  SHOGO_TRY(profile.issuer_domain, hex_field(object, "issuer_domain", 5, 16));
  SHOGO_TRY(const auto applications, object.objects("applications"));
  for (const JsonObject& item : applications) {
    SHOGO_TRY(CardApplication application, parse_application(item));
    profile.applications.push_back(std::move(application));
  }
  SHOGO_TRY(const auto fixed, object.objects("fixed_answers"));
  for (const JsonObject& item : fixed) {
    SHOGO_CHECK_OK(item.only({"cla", "ins", "sw"}));
    SHOGO_TRY(const std::uint16_t cla, number_field(item, "cla", 1));
    SHOGO_TRY(const std::uint16_t ins, number_field(item, "ins", 1));
    SHOGO_TRY(const std::uint16_t sw, number_field(item, "sw", 2));
    profile.fixed_answers.push_back({static_cast<std::uint8_t>(cla), static_cast<std::uint8_t>(ins), sw});
  }
  return profile;
}

Result<CardProfile> builtin_card_profile(std::string_view name) {
  const std::string path = fmt::format("profiles/{}.json", name);
  const auto text = find_embedded(embedded_shogo_sim_card::files(), path);
  if (!text) return Error{Code::kNotFound, fmt::format("no built-in card profile \"{}\"", name)};
  return parse_card_profile(*text, path);
}

}  // namespace shogo::sim
