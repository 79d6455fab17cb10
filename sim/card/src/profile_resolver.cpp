// Puts the application files into a profile and makes the changes it asks for. Works on the JSON documents,
// so that the result is again a profile, which a card file can carry with it.
#include <algorithm>

#include <fmt/core.h>

#include <shogo/base/embedded.h>
#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/sim/card_profile.h>

namespace shogo::embedded_shogo_sim_card {
std::span<const EmbeddedFile> files();
}

namespace shogo::sim {
namespace {

struct Document {
  std::string text;
  std::string where;
};

Result<Document> application_text(const std::string& name, const std::filesystem::path& folder,
                                  const std::string& where) {
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (!plain)
    return Error{Code::kInvalid, fmt::format("{}: \"{}\" is not the name of an application file (a-z, 0-9, - "
                                             "and _)",
                                             where, name)};
  if (!folder.empty()) {
    const std::filesystem::path path = folder / "applications" / (name + ".json");
    std::error_code ec;
    if (std::filesystem::exists(path, ec)) {
      SHOGO_TRY(std::string text, read_text(path));
      return Document{std::move(text), path.string()};
    }
  }
  const std::string built_in = fmt::format("profiles/applications/{}.json", name);
  if (const auto text = find_embedded(embedded_shogo_sim_card::files(), built_in))
    return Document{std::string(*text), built_in};
  return Error{
      Code::kNotFound,
      fmt::format("{}: there is no application \"{}\": expected a file applications/{}.json beside the "
                  "profile, or the name of a built-in one",
                  where, name, name)};
}

/// The object with this id among files, pins and keys; nullptr when there is none.
json::object* find_part(json::object& application, std::string_view id, json::array** list_out = nullptr) {
  for (const char* list : {"files", "pins", "keys"}) {
    json::value* parts = application.if_contains(list);
    if (parts == nullptr || !parts->is_array()) continue;
    for (json::value& part : parts->get_array()) {
      json::object* object = part.if_object();
      const json::value* its_id = object == nullptr ? nullptr : object->if_contains("id");
      if (its_id == nullptr || !its_id->is_string() || its_id->get_string() != id) continue;
      if (list_out != nullptr) *list_out = &parts->get_array();
      return object;
    }
  }
  return nullptr;
}

Result<void> change(json::object& application, const JsonObject& wish) {
  if (!wish.missing("set")) {
    SHOGO_TRY(const JsonObject set, wish.object("set"));
    for (const auto& [id, changes] : set.raw()) {
      json::object* part = find_part(application, id);
      if (part == nullptr || !changes.is_object())
        return Error{Code::kInvalid,
                     fmt::format("{}: \"{}\" must be the id of a file, PIN or key of \"{}\" with "
                                 "an object of changed keys",
                                 set.where(), std::string_view(id),
                                 std::string_view(application.at("name").as_string()))};
      for (const auto& [key, value] : changes.get_object()) (*part)[key] = value;
    }
  }
  if (!wish.missing("without")) {
    SHOGO_TRY(const auto ids, wish.strings("without"));
    for (const std::string& id : ids) {
      json::array* list = nullptr;
      const json::object* part = find_part(application, id, &list);
      if (part == nullptr)
        return Error{
            Code::kInvalid,
            fmt::format("{}: \"without\" names {}, which the application does not have", wish.where(), id)};
      list->erase(std::find_if(list->begin(), list->end(),
                               [part](const json::value& item) { return item.if_object() == part; }));
    }
  }
  for (const char* key : {"fixed_answers", "aid", "secure_messaging", "terminal"}) {
    const json::value* value = wish.raw().if_contains(key);
    if (value != nullptr && value->is_null()) {
      application.erase(key);
    } else if (value != nullptr) {
      application[key] = *value;
    }
  }
  return {};
}

Result<json::value> put_in(const json::value& entry, const std::filesystem::path& folder,
                           const std::string& where) {
  std::string name;
  if (entry.is_string()) {
    name = entry.get_string();
  } else {
    SHOGO_TRY(const JsonObject object, JsonObject::of(entry, where));
    if (object.missing("use")) return entry;  // written out in place
    SHOGO_CHECK_OK(
        object.only({"use", "set", "without", "fixed_answers", "aid", "secure_messaging", "terminal"}));
    SHOGO_TRY(name, object.string("use"));
  }
  SHOGO_TRY(const Document file, application_text(name, folder, where));
  SHOGO_TRY(json::value application, parse_json(file.text, file.where));
  SHOGO_TRY(const JsonObject checked, JsonObject::of(application, file.where));
  SHOGO_TRY([[maybe_unused]] const std::string its_name, checked.string("name"));
  if (entry.is_object()) {
    SHOGO_TRY(const JsonObject wish, JsonObject::of(entry, where));
    SHOGO_CHECK_OK(change(application.get_object(), wish));
  }
  return application;
}

}  // namespace

Result<json::value> resolve_card_profile(std::string_view text, std::string_view where,
                                         const std::filesystem::path& folder) {
  SHOGO_TRY(json::value document, parse_json(text, where));
  SHOGO_TRY(const JsonObject object, JsonObject::of(document, std::string(where)));
  const json::value* applications = object.raw().if_contains("applications");
  if (applications == nullptr || !applications->is_array())
    return Error{Code::kInvalid,
                 fmt::format("{}: \"applications\" must be an array of names and objects", where)};
  json::array whole;
  for (const json::value& entry : applications->get_array()) {
    SHOGO_TRY(json::value application,
              put_in(entry, folder, fmt::format("{}: applications[{}]", where, whole.size())));
    whole.push_back(std::move(application));
  }
  document.get_object()["applications"] = std::move(whole);
  return document;
}

Result<CardProfile> parse_card_profile(std::string_view text, std::string_view where) {
  SHOGO_TRY(const json::value resolved, resolve_card_profile(text, where));
  return read_card_profile(resolved, where);
}

Result<json::value> find_card_profile(const std::string& name) {
  if (name.find('/') != std::string::npos || name.ends_with(".json")) {
    const std::filesystem::path path = name;
    SHOGO_TRY(const std::string text, read_text(path));
    return resolve_card_profile(text, name, path.has_parent_path() ? path.parent_path() : ".");
  }
  const std::string built_in = fmt::format("profiles/{}.json", name);
  const auto text = find_embedded(embedded_shogo_sim_card::files(), built_in);
  if (!text) {
    std::string known;
    for (const std::string& profile : builtin_card_profiles()) known += " " + profile;
    return Error{Code::kNotFound,
                 fmt::format("there is no card profile \"{}\"; there are:{}, or give a path to a .json file",
                             name, known)};
  }
  return resolve_card_profile(*text, built_in);
}

Result<CardProfile> builtin_card_profile(std::string_view name) {
  SHOGO_TRY(const json::value resolved, find_card_profile(std::string(name)));
  return read_card_profile(resolved, fmt::format("profiles/{}.json", name));
}

std::vector<std::string> builtin_card_profiles() {
  constexpr std::string_view kPrefix = "profiles/", kSuffix = ".json";
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_shogo_sim_card::files()) {
    const std::string_view path = file.name;
    if (path.starts_with(kPrefix) && path.find('/', kPrefix.size()) == std::string_view::npos)
      names.emplace_back(path.substr(kPrefix.size(), path.size() - kPrefix.size() - kSuffix.size()));
  }
  std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
    return (a == "standard") != (b == "standard") ? a == "standard" : a < b;
  });
  return names;
}

}  // namespace shogo::sim
