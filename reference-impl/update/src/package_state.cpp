#include "package_state.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>

namespace shogo::reference {
namespace {

constexpr std::array kKinds = {PackageKind::kSettings, PackageKind::kAccuracy, PackageKind::kCardProfiles,
                               PackageKind::kFirmwareData, PackageKind::kKeys};
constexpr std::string_view kWhere = "update state";

json::object installed_json(const PackageStore::Installed& installed) {
  return {
      {"version", installed.version.text()}, {"sequence", installed.sequence}, {"sha256", installed.sha256}};
}

Result<PackageStore::Installed> parse_installed(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only({"version", "sequence", "sha256"}));
  PackageStore::Installed installed;
  SHOGO_TRY(const std::string version, object.string("version"));
  SHOGO_TRY(installed.version, PackageVersion::parse(version));
  SHOGO_TRY(const std::int64_t sequence, object.integer("sequence"));
  if (sequence < 1) return Error{Code::kCorrupt, "update state: a sequence number is at least 1"};
  installed.sequence = static_cast<std::uint64_t>(sequence);
  SHOGO_TRY(installed.sha256, object.string("sha256"));
  return installed;
}

Result<Shelf> parse_shelf(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only({"highest_sequence", "active", "previous", "trial_starts"}));
  Shelf shelf;
  SHOGO_TRY(const std::int64_t highest, object.integer("highest_sequence"));
  SHOGO_TRY(const std::int64_t starts, object.integer("trial_starts"));
  if (highest < 1 || starts < 0 || starts > kMaxTrialStarts)
    return Error{Code::kCorrupt, "update state: numbers out of their range"};
  shelf.highest_sequence = static_cast<std::uint64_t>(highest);
  shelf.trial_starts = static_cast<int>(starts);
  for (auto [name, slot] : {std::pair{"active", &shelf.active}, std::pair{"previous", &shelf.previous}}) {
    if (object.missing(name)) continue;
    SHOGO_TRY(const JsonObject inner, object.object(name));
    SHOGO_TRY(*slot, parse_installed(inner));
  }
  if (!shelf.active && (shelf.previous || shelf.trial_starts > 0))
    return Error{Code::kCorrupt, "update state: nothing in force, but something before it or on trial"};
  return shelf;
}

Result<PackageState> parse(std::string_view text) {
  SHOGO_TRY(const json::value value, parse_json(text, kWhere));
  SHOGO_TRY(const JsonObject object, JsonObject::of(value, std::string(kWhere)));
  SHOGO_CHECK_OK(object.only({"format", "keys", "packages"}));
  SHOGO_TRY(const std::int64_t format, object.integer("format"));
  if (format != 1) return Error{Code::kCorrupt, fmt::format("update state: format {} is not 1", format)};
  PackageState state;
  SHOGO_TRY(const std::vector<std::string> keys, object.strings("keys"));
  for (const std::string& hex : keys) {
    SHOGO_TRY(const Bytes bytes, from_hex(hex));
    PublicKey key{};
    if (bytes.size() != key.size()) return Error{Code::kCorrupt, "update state: a key has 32 bytes"};
    std::copy(bytes.begin(), bytes.end(), key.begin());
    state.keys.push_back(key);
  }
  if (state.keys.empty()) return Error{Code::kCorrupt, "update state: nobody's signature counts"};
  SHOGO_TRY(const JsonObject packages, object.object("packages"));
  for (const auto& [name, unused] : packages.raw()) {
    const auto kind =
        std::find_if(kKinds.begin(), kKinds.end(),
                     [&, n = std::string_view(name)](PackageKind k) { return contract::to_string(k) == n; });
    if (kind == kKinds.end()) return Error{Code::kCorrupt, "update state: a kind that nobody knows"};
    SHOGO_TRY(const JsonObject inner, packages.object(name));
    SHOGO_TRY(state.shelves[*kind], parse_shelf(inner));
  }
  return state;
}

}  // namespace

std::string state_text(const PackageState& state) {
  json::array keys;
  for (const PublicKey& key : state.keys) keys.emplace_back(to_hex(key));
  json::object packages;
  for (const auto& [kind, shelf] : state.shelves) {
    json::object object{{"highest_sequence", shelf.highest_sequence}, {"trial_starts", shelf.trial_starts}};
    if (shelf.active) object["active"] = installed_json(*shelf.active);
    if (shelf.previous) object["previous"] = installed_json(*shelf.previous);
    packages[contract::to_string(kind)] = std::move(object);
  }
  return pretty_json(
      json::object{{"format", 1}, {"keys", std::move(keys)}, {"packages", std::move(packages)}});
}

Result<PackageState> parse_state(std::string_view text) {
  auto state = parse(text);
  if (!state.ok())
    return Error{Code::kCorrupt, "the state of the installed updates cannot be understood", state.error()};
  return state;
}

}  // namespace shogo::reference
