#include "card_profiles.h"

#include <algorithm>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>

namespace shogo::agent {
namespace {

constexpr std::string_view kWhere = "card profiles";
constexpr std::size_t kShortestName = 5, kLongestName = 16;  // ISO/IEC 7816-4 8.2.1.2
constexpr std::size_t kLongestText = 32;

Result<CardProfile> read_profile(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only({"name", "application", "pin_file"}));
  CardProfile profile;
  SHOGO_TRY(profile.name, object.string("name"));
  if (profile.name.empty() || profile.name.size() > kLongestText)
    return Error{Code::kInvalid, fmt::format("{}: \"name\" has 1 to {} bytes", object.where(), kLongestText)};
  SHOGO_TRY(const std::string application, object.string("application"));
  SHOGO_TRY(profile.application, from_hex(application));
  if (profile.application.size() < kShortestName || profile.application.size() > kLongestName)
    return Error{Code::kInvalid, fmt::format("{}: \"application\" has {} to {} bytes, got {}", object.where(),
                                             kShortestName, kLongestName, profile.application.size())};
  SHOGO_TRY(const std::string pin, object.string("pin_file"));
  SHOGO_TRY(const Bytes id, from_hex(pin));
  if (id.size() != 2)
    return Error{Code::kInvalid, fmt::format("{}: \"pin_file\" is an identifier of 2 bytes", object.where())};
  profile.pin_file = static_cast<std::uint16_t>(read_be(id));
  return profile;
}

}  // namespace

const CardProfiles& built_in_profiles() {
  static const CardProfiles kProfiles{{"my_number", "D392F000260100000001"_hex, 0x0018}};
  return kProfiles;
}

Result<CardProfiles> read_card_profiles(ByteView content) {
  SHOGO_TRY(const json::value document, parse_json(as_text(content), kWhere));
  SHOGO_TRY(const JsonObject object, JsonObject::of(document, std::string(kWhere)));
  SHOGO_CHECK_OK(object.only({"format", "profiles"}));
  SHOGO_TRY(const std::int64_t format, object.integer("format"));
  if (format != 1)
    return Error{Code::kUnsupported, fmt::format("{}: format {}; this program reads 1", kWhere, format)};
  SHOGO_TRY(const std::vector<JsonObject> listed, object.objects("profiles"));
  if (listed.empty() || listed.size() > kMostCardProfiles)
    return Error{Code::kInvalid, fmt::format("{}: 1 to {} profiles were expected, {} came", kWhere,
                                             kMostCardProfiles, listed.size())};
  CardProfiles profiles = built_in_profiles();
  for (const JsonObject& entry : listed) {
    SHOGO_TRY(CardProfile profile, read_profile(entry));
    const bool known = std::any_of(profiles.begin(), profiles.end(), [&](const CardProfile& other) {
      return other.application == profile.application;
    });
    if (!known) profiles.push_back(std::move(profile));
  }
  return profiles;
}

std::shared_ptr<const CardProfiles> KnownCards::get() const {
  const std::lock_guard lock(mutex_);
  return profiles_;
}

void KnownCards::set(CardProfiles profiles) {
  auto next = std::make_shared<const CardProfiles>(std::move(profiles));
  const std::lock_guard lock(mutex_);
  profiles_ = std::move(next);
}

}  // namespace shogo::agent
