#include <algorithm>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>

namespace shogo {
namespace {

const char* kind_name(const json::value& v) {
  switch (v.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "a boolean";
    case json::kind::int64:
    case json::kind::uint64:
      return "an integer";
    case json::kind::double_:
      return "a number";
    case json::kind::string:
      return "a string";
    case json::kind::array:
      return "an array";
    case json::kind::object:
      return "an object";
  }
  return "something else";
}

Error wrong_kind(const std::string& where, std::string_view key, const char* expected,
                 const json::value& got) {
  return Error{Code::kInvalid,
               fmt::format("{}: \"{}\" must be {}, got {}", where, key, expected, kind_name(got))};
}

void write_pretty(std::string& out, const json::value& value, int indent) {
  const std::string pad(static_cast<std::size_t>(indent) + 2, ' ');
  if (const auto* object = value.if_object(); object != nullptr && !object->empty()) {
    out += "{\n";
    bool first = true;
    for (const auto& [key, item] : *object) {
      if (!first) out += ",\n";
      first = false;
      out += pad + json::serialize(json::string(key)) + ": ";
      write_pretty(out, item, indent + 2);
    }
    out += "\n" + std::string(static_cast<std::size_t>(indent), ' ') + "}";
  } else if (const auto* array = value.if_array(); array != nullptr && !array->empty()) {
    out += "[\n";
    bool first = true;
    for (const auto& item : *array) {
      if (!first) out += ",\n";
      first = false;
      out += pad;
      write_pretty(out, item, indent + 2);
    }
    out += "\n" + std::string(static_cast<std::size_t>(indent), ' ') + "]";
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

Result<json::value> parse_json(std::string_view text, std::string_view where) {
  json::parse_options options;
  options.max_depth = 32;
  json::error_code ec;
  json::stream_parser parser({}, options);
  const std::size_t used = parser.write_some(text.data(), text.size(), ec);
  if (!ec) parser.finish(ec);
  if (!ec && used < text.size() &&
      !std::all_of(text.begin() + static_cast<std::ptrdiff_t>(used), text.end(),
                   [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }))
    return Error{Code::kInvalid,
                 fmt::format("{}: text after the end of the JSON document at byte {}", where, used)};
  if (ec)
    return Error{Code::kInvalid,
                 fmt::format("{}: not valid JSON near byte {}: {}", where, used, ec.message())};
  return parser.release();
}

Result<json::value> load_json(const std::filesystem::path& path) {
  SHOGO_TRY(const std::string text, read_text(path));
  return parse_json(text, path.string());
}

std::string pretty_json(const json::value& value) {
  std::string out;
  write_pretty(out, value, 0);
  out += '\n';
  return out;
}

Result<JsonObject> JsonObject::of(const json::value& value, std::string where) {
  if (!value.is_object())
    return Error{Code::kInvalid, fmt::format("{}: expected an object, got {}", where, kind_name(value))};
  return JsonObject(value.get_object(), std::move(where));
}

Result<const json::value*> JsonObject::find(std::string_view key, const char* expected) const {
  const json::value* value = object_->if_contains(key);
  if (value == nullptr)
    return Error{Code::kInvalid, fmt::format("{}: \"{}\" is missing (expected {})", where_, key, expected)};
  return value;
}

Result<std::string> JsonObject::string(std::string_view key) const {
  SHOGO_TRY(const json::value* value, find(key, "a string"));
  if (!value->is_string()) return wrong_kind(where_, key, "a string", *value);
  return std::string(value->get_string());
}

Result<std::int64_t> JsonObject::integer(std::string_view key) const {
  SHOGO_TRY(const json::value* value, find(key, "an integer"));
  json::error_code ec;
  const auto number = value->to_number<std::int64_t>(ec);
  if (ec || value->is_double()) return wrong_kind(where_, key, "an integer", *value);
  return number;
}

Result<double> JsonObject::number(std::string_view key) const {
  SHOGO_TRY(const json::value* value, find(key, "a number"));
  json::error_code ec;
  const auto number = value->to_number<double>(ec);
  if (ec) return wrong_kind(where_, key, "a number", *value);
  return number;
}

Result<bool> JsonObject::boolean(std::string_view key) const {
  SHOGO_TRY(const json::value* value, find(key, "a boolean"));
  if (!value->is_bool()) return wrong_kind(where_, key, "a boolean", *value);
  return value->get_bool();
}

Result<JsonObject> JsonObject::object(std::string_view key) const {
  SHOGO_TRY(const json::value* value, find(key, "an object"));
  if (!value->is_object()) return wrong_kind(where_, key, "an object", *value);
  return JsonObject(value->get_object(), fmt::format("{}: {}", where_, key));
}

Result<std::vector<JsonObject>> JsonObject::objects(std::string_view key) const {
  SHOGO_TRY(const json::value* value, find(key, "an array of objects"));
  if (!value->is_array()) return wrong_kind(where_, key, "an array of objects", *value);
  std::vector<JsonObject> list;
  for (const json::value& item : value->get_array()) {
    if (!item.is_object()) return wrong_kind(where_, key, "an array of objects", item);
    list.push_back(JsonObject(item.get_object(), fmt::format("{}: {}[{}]", where_, key, list.size())));
  }
  return list;
}

Result<std::vector<std::string>> JsonObject::strings(std::string_view key) const {
  SHOGO_TRY(const json::value* value, find(key, "an array of strings"));
  if (!value->is_array()) return wrong_kind(where_, key, "an array of strings", *value);
  std::vector<std::string> list;
  for (const json::value& item : value->get_array()) {
    if (!item.is_string()) return wrong_kind(where_, key, "an array of strings", item);
    list.emplace_back(item.get_string());
  }
  return list;
}

bool JsonObject::missing(std::string_view key) const {
  const json::value* value = object_->if_contains(key);
  return value == nullptr || value->is_null();
}

Result<void> JsonObject::only(std::initializer_list<std::string_view> keys) const {
  for (const auto& pair : *object_) {
    if (std::find(keys.begin(), keys.end(), std::string_view(pair.key())) == keys.end())
      return Error{Code::kInvalid,
                   fmt::format("{}: unknown key \"{}\"", where_, std::string_view(pair.key()))};
  }
  return {};
}

}  // namespace shogo
