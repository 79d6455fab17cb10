#include <algorithm>
#include <array>
#include <set>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>
#include <shogo/sim/card_profile.h>

namespace shogo::sim {
namespace {

constexpr std::string_view kSchema = "shogo-card-profile/1";

Result<Bytes> hex_of(const std::string& text, const std::string& where, std::string_view key, std::size_t min,
                     std::size_t max) {
  const auto bytes = from_hex(text);
  if (!bytes.ok() || bytes->size() < min || bytes->size() > max)
    return Error{Code::kInvalid,
                 fmt::format("{}: \"{}\" must be {} bytes in hex, got \"{}\"", where, key,
                             min == max ? fmt::format("{}", min) : fmt::format("{} to {}", min, max), text)};
  return *bytes;
}

Result<Bytes> hex_field(const JsonObject& object, std::string_view key, std::size_t min, std::size_t max) {
  SHOGO_TRY(const std::string text, object.string(key));
  return hex_of(text, object.where(), key, min, max);
}

Result<std::uint16_t> number_field(const JsonObject& object, std::string_view key, std::size_t size) {
  SHOGO_TRY(const Bytes bytes, hex_field(object, key, size, size));
  return static_cast<std::uint16_t>(read_be(bytes));
}

/// One of a few words; `otherwise` when the key is missing.
template <typename Value, std::size_t N>
Result<Value> word_field(const JsonObject& object, std::string_view key,
                         const std::array<std::pair<std::string_view, Value>, N>& words, Value otherwise) {
  if (object.missing(key)) return otherwise;
  SHOGO_TRY(const std::string word, object.string(key));
  std::string known;
  for (const auto& [name, value] : words) {
    if (word == name) return value;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", name);
  }
  return Error{Code::kInvalid,
               fmt::format("{}: \"{}\" must be one of {}, got \"{}\"", object.where(), key, known, word)};
}

Result<std::vector<std::uint16_t>> ids_field(const JsonObject& object, std::string_view key) {
  std::vector<std::uint16_t> ids;
  SHOGO_TRY(const auto texts, object.strings(key));
  for (const std::string& text : texts) {
    SHOGO_TRY(const Bytes bytes, hex_of(text, object.where(), key, 2, 2));
    ids.push_back(static_cast<std::uint16_t>(read_be(bytes)));
  }
  return ids;
}

/// "free", "never" or a list of PIN ids, in which "holder" stands for the holder's consent on the phone and
/// "terminal" for a terminal that has proven itself.
Result<AccessRule> rule_field(const JsonObject& object, std::string_view key) {
  AccessRule rule;
  const json::value* value = object.raw().if_contains(key);
  if (value != nullptr && value->is_array()) {
    rule.kind = AccessRule::Kind::kAnyOf;
    SHOGO_TRY(const auto words, object.strings(key));
    for (const std::string& word : words) {
      if (word == "holder") {
        rule.by_holder = true;
        continue;
      }
      if (word == "terminal") {
        rule.by_terminal = true;
        continue;
      }
      SHOGO_TRY(const Bytes bytes, hex_of(word, object.where(), key, 2, 2));
      rule.secrets.push_back(static_cast<std::uint16_t>(read_be(bytes)));
    }
    return rule;
  }
  const auto word = object.string(key);
  if (!word.ok() || (*word != "free" && *word != "never"))
    return Error{Code::kInvalid, fmt::format("{}: \"{}\" must be \"free\", \"never\" or a list of PIN ids",
                                             object.where(), key)};
  rule.kind = *word == "free" ? AccessRule::Kind::kFree : AccessRule::Kind::kNever;
  return rule;
}

/// How we know of a thing; a profile of one's own need not say.
Result<std::string> source_field(const JsonObject& object) {
  using namespace std::string_view_literals;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kSources{
      {{"code"sv, "code"sv}, {"published"sv, "published"sv}, {"synthetic"sv, "synthetic"sv}}};
  SHOGO_TRY(const std::string_view word, word_field(object, "source", kSources, "synthetic"sv));
  return std::string(word);
}

Result<CardFile> parse_file(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only({"id", "content", "read", "form", "stray", "source"}));
  CardFile file;
  SHOGO_TRY(file.id, number_field(object, "id", 2));
  SHOGO_TRY(file.content, object.string("content"));
  SHOGO_TRY(file.read, rule_field(object, "read"));
  SHOGO_TRY(file.source, source_field(object));
  constexpr std::array<std::pair<std::string_view, CardFile::Form>, 2> kForms{
      {{"transparent", CardFile::Form::kTransparent}, {"records", CardFile::Form::kRecords}}};
  SHOGO_TRY(file.form, word_field(object, "form", kForms, CardFile::Form::kTransparent));
  if (!object.missing("stray")) {
    SHOGO_TRY(file.stray, hex_field(object, "stray", 1, 16));
  }
  return file;
}

Result<CardPin> parse_pin(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only(
      {"id", "secret", "tries", "tries_left", "min", "max", "alphabet", "change", "reset_by", "source"}));
  CardPin pin;
  SHOGO_TRY(pin.id, number_field(object, "id", 2));
  SHOGO_TRY(pin.secret, object.string("secret"));
  SHOGO_TRY(pin.source, source_field(object));
  SHOGO_TRY(const std::int64_t tries, object.integer("tries"));
  SHOGO_TRY(const std::int64_t min, object.integer("min"));
  SHOGO_TRY(const std::int64_t max, object.integer("max"));
  std::int64_t left = tries;
  if (!object.missing("tries_left")) {
    SHOGO_TRY(left, object.integer("tries_left"));
  }
  // 63Cx has one hex digit for the counter; a VERIFY body here has 1 to 16 bytes.
  if (tries < 0 || tries > 15)
    return Error{Code::kInvalid, fmt::format("{}: \"tries\" must be 1 to 15, or 0 for no limit, got {}",
                                             object.where(), tries)};
  if (left < 0 || left > tries)
    return Error{Code::kInvalid, fmt::format("{}: \"tries_left\" must be 0 to {} (\"tries\"), got {}",
                                             object.where(), tries, left)};
  if (min < 1 || max > 16 || min > max)
    return Error{Code::kInvalid,
                 fmt::format("{}: \"min\" and \"max\" must be 1 to 16 with min <= max, got {} "
                             "and {}",
                             object.where(), min, max)};
  constexpr std::array<std::pair<std::string_view, CardPin::Alphabet>, 2> kAlphabets{
      {{"digits", CardPin::Alphabet::kDigits},
       {"upper_case_and_digits", CardPin::Alphabet::kUpperCaseAndDigits}}};
  SHOGO_TRY([[maybe_unused]] const std::string alphabet, object.string("alphabet"));
  SHOGO_TRY(pin.alphabet, word_field(object, "alphabet", kAlphabets, CardPin::Alphabet::kDigits));
  constexpr std::array<std::pair<std::string_view, CardPin::Change>, 3> kChanges{
      {{"no", CardPin::Change::kNo},
       {"reference_data", CardPin::Change::kReferenceData},
       {"key", CardPin::Change::kKey}}};
  SHOGO_TRY(pin.change, word_field(object, "change", kChanges, CardPin::Change::kNo));
  if (!object.missing("reset_by")) {
    SHOGO_TRY(pin.reset_by, ids_field(object, "reset_by"));
  }
  pin.tries = static_cast<int>(tries);
  pin.tries_left = static_cast<int>(left);
  pin.min_length = static_cast<std::size_t>(min);
  pin.max_length = static_cast<std::size_t>(max);
  return pin;
}

Result<CardKey> parse_key(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only({"id", "key", "use", "purpose", "default", "source"}));
  CardKey key;
  SHOGO_TRY(key.id, number_field(object, "id", 2));
  SHOGO_TRY(key.key, object.string("key"));
  SHOGO_TRY(key.use, rule_field(object, "use"));
  SHOGO_TRY(key.source, source_field(object));
  constexpr std::array<std::pair<std::string_view, CardKey::Purpose>, 2> kPurposes{
      {{"sign", CardKey::Purpose::kSign},
       {"internal_authenticate", CardKey::Purpose::kInternalAuthenticate}}};
  SHOGO_TRY(key.purpose, word_field(object, "purpose", kPurposes, CardKey::Purpose::kSign));
  if (!object.missing("default")) {
    SHOGO_TRY(key.is_default, object.boolean("default"));
  }
  return key;
}

Result<std::vector<FixedAnswer>> fixed_field(const JsonObject& object) {
  std::vector<FixedAnswer> answers;
  if (object.missing("fixed_answers")) return answers;
  SHOGO_TRY(const auto list, object.objects("fixed_answers"));
  for (const JsonObject& item : list) {
    SHOGO_CHECK_OK(item.only({"cla", "ins", "sw"}));
    SHOGO_TRY(const std::uint16_t cla, number_field(item, "cla", 1));
    SHOGO_TRY(const std::uint16_t ins, number_field(item, "ins", 1));
    SHOGO_TRY(const std::uint16_t sw, number_field(item, "sw", 2));
    answers.push_back({static_cast<std::uint8_t>(cla), static_cast<std::uint8_t>(ins), sw});
  }
  return answers;
}

/// Ids are unique, and rules name PINs that exist: otherwise a file would be silently unreadable.
Result<void> check_application(const CardApplication& application, const std::string& where) {
  std::set<std::uint16_t> ids, pins;
  std::optional<std::uint16_t> twice;
  const auto add = [&](std::uint16_t id) {
    if (!ids.insert(id).second) twice = id;
  };
  for (const CardFile& file : application.files) add(file.id);
  for (const CardKey& key : application.keys) add(key.id);
  for (const CardPin& pin : application.pins) {
    add(pin.id);
    pins.insert(pin.id);
  }
  if (twice) return Error{Code::kInvalid, fmt::format("{}: the id {:04X} is used twice", where, *twice)};
  const auto check = [&](const char* kind, std::uint16_t id, const char* key,
                         const std::vector<std::uint16_t>& named) -> Result<void> {
    for (const std::uint16_t pin : named) {
      if (!pins.contains(pin))
        return Error{Code::kInvalid,
                     fmt::format("{}: {} {:04X}: \"{}\" names the PIN {:04X}, which does not exist", where,
                                 kind, id, key, pin)};
    }
    return {};
  };
  for (const CardFile& file : application.files)
    SHOGO_CHECK_OK(check("file", file.id, "read", file.read.secrets));
  for (const CardKey& key : application.keys) SHOGO_CHECK_OK(check("key", key.id, "use", key.use.secrets));
  for (const CardPin& pin : application.pins) SHOGO_CHECK_OK(check("PIN", pin.id, "reset_by", pin.reset_by));
  if (application.secure_messaging)
    SHOGO_CHECK_OK(check("secure messaging", 0, "open", application.secure_messaging->open.secrets));
  return {};
}

Result<CardApplication> parse_application(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only(
      {"name", "about", "aid", "files", "pins", "keys", "secure_messaging", "terminal", "fixed_answers"}));
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
  if (!object.missing("secure_messaging")) {
    SHOGO_TRY(const JsonObject item, object.object("secure_messaging"));
    SHOGO_CHECK_OK(item.only({"key", "open"}));
    SecureMessagingRule rule;
    SHOGO_TRY(rule.key, item.string("key"));
    SHOGO_TRY(rule.open, rule_field(item, "open"));
    application.secure_messaging = std::move(rule);
  }
  if (!object.missing("terminal")) {
    SHOGO_TRY(const JsonObject item, object.object("terminal"));
    SHOGO_CHECK_OK(item.only({"certifier"}));
    SHOGO_TRY(application.terminal_certifier, item.string("certifier"));
  }
  SHOGO_TRY(application.fixed_answers, fixed_field(object));
  SHOGO_CHECK_OK(check_application(application, object.where()));
  return application;
}

using State = IssueRules::CertificateState;
constexpr std::array<std::pair<std::string_view, State>, 7> kStates{{{"valid", State::kValid},
                                                                     {"expiring", State::kExpiring},
                                                                     {"grace", State::kGrace},
                                                                     {"expired", State::kExpired},
                                                                     {"not_yet_valid", State::kNotYetValid},
                                                                     {"revoked", State::kRevoked},
                                                                     {"absent", State::kAbsent}}};

Result<IssueRules> parse_issue(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only({"user_authentication", "signature", "holder", "algorithm", "token_label"}));
  IssueRules rules;
  SHOGO_TRY(rules.user_authentication, word_field(object, "user_authentication", kStates, State::kValid));
  SHOGO_TRY(rules.signature, word_field(object, "signature", kStates, State::kValid));
  constexpr std::array<std::pair<std::string_view, IssueRules::Holder>, 3> kHolders{
      {{"adult", IssueRules::Holder::kAdult},
       {"child", IssueRules::Holder::kChild},
       {"foreign", IssueRules::Holder::kForeign}}};
  SHOGO_TRY(rules.holder, word_field(object, "holder", kHolders, IssueRules::Holder::kAdult));
  constexpr std::array<std::pair<std::string_view, IssueRules::Algorithm>, 2> kAlgorithms{
      {{"rsa2048", IssueRules::Algorithm::kRsa2048}, {"p384", IssueRules::Algorithm::kP384}}};
  SHOGO_TRY(rules.algorithm, word_field(object, "algorithm", kAlgorithms, IssueRules::Algorithm::kRsa2048));
  if (!object.missing("token_label")) {
    SHOGO_TRY(rules.token_label, object.string("token_label"));
    if (rules.token_label.size() > 32)
      return Error{Code::kInvalid, fmt::format("{}: \"token_label\" has at most 32 bytes", object.where())};
  }
  return rules;
}

Result<std::vector<DataObject>> parse_data_objects(const JsonObject& object) {
  std::vector<DataObject> objects;
  if (object.missing("data_objects")) return objects;
  SHOGO_TRY(const auto list, object.objects("data_objects"));
  for (const JsonObject& item : list) {
    SHOGO_CHECK_OK(item.only({"tag", "content", "everywhere", "source"}));
    DataObject one;
    SHOGO_TRY(one.tag, number_field(item, "tag", 2));
    SHOGO_TRY(one.content, item.string("content"));
    SHOGO_TRY(one.source, source_field(item));
    if (!item.missing("everywhere")) {
      SHOGO_TRY(one.everywhere, item.boolean("everywhere"));
    }
    objects.push_back(std::move(one));
  }
  return objects;
}

Result<contract::Atqb> parse_atqb(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only({"application_data", "protocol_info", "mbli"}));
  contract::Atqb atqb;
  SHOGO_TRY(atqb.application_data, hex_field(object, "application_data", 4, 4));
  SHOGO_TRY(atqb.protocol_info, hex_field(object, "protocol_info", 3, 3));
  SHOGO_TRY(const std::int64_t mbli, object.integer("mbli"));
  if (mbli < 0 || mbli > 15)
    return Error{Code::kInvalid, fmt::format("{}: \"mbli\" must be 0 to 15, got {}", object.where(), mbli)};
  atqb.mbli = static_cast<std::uint8_t>(mbli);
  return atqb;
}

}  // namespace

std::string_view to_string(IssueRules::CertificateState state) {
  for (const auto& [word, value] : kStates)
    if (value == state) return word;
  return "";
}

Result<CardProfile> read_card_profile(const json::value& resolved, std::string_view where) {
  SHOGO_TRY(const JsonObject object, JsonObject::of(resolved, std::string(where)));
  SHOGO_CHECK_OK(object.only({"schema", "name", "about", "atqb", "issuer_domain", "applications",
                              "data_objects", "fixed_answers", "garbage", "radio", "issue"}));
  SHOGO_TRY(const std::string schema, object.string("schema"));
  if (schema != kSchema)
    return Error{Code::kUnsupported,
                 fmt::format("{}: \"schema\" is \"{}\"; this program reads \"{}\"", where, schema, kSchema)};
  CardProfile profile;
  SHOGO_TRY(profile.name, object.string("name"));
  SHOGO_TRY(profile.about, object.string("about"));
  SHOGO_TRY(const JsonObject atqb, object.object("atqb"));
  SHOGO_TRY(profile.atqb, parse_atqb(atqb));
  if (!object.missing("issuer_domain")) {
    SHOGO_TRY(profile.issuer_domain, hex_field(object, "issuer_domain", 5, 16));
  }
  SHOGO_TRY(const auto applications, object.objects("applications"));
  std::set<std::string> names;
  for (const JsonObject& item : applications) {
    SHOGO_TRY(CardApplication application, parse_application(item));
    if (!names.insert(application.name).second)
      return Error{Code::kInvalid,
                   fmt::format("{}: two applications have the \"name\" {}", where, application.name)};
    profile.applications.push_back(std::move(application));
  }
  SHOGO_TRY(profile.data_objects, parse_data_objects(object));
  SHOGO_TRY(profile.fixed_answers, fixed_field(object));
  if (!object.missing("garbage")) {
    SHOGO_TRY(profile.garbage, object.boolean("garbage"));
  }
  constexpr std::array<std::pair<std::string_view, bool>, 2> kRadios{{{"type_b", true}, {"felica", false}}};
  SHOGO_TRY(profile.type_b, word_field(object, "radio", kRadios, true));
  if (!object.missing("issue")) {
    SHOGO_TRY(const JsonObject issue, object.object("issue"));
    SHOGO_TRY(profile.issue, parse_issue(issue));
  }
  return profile;
}

}  // namespace shogo::sim
