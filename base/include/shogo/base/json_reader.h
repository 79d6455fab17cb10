// Reading JSON that somebody else wrote: every miss is an Error that names the file, the path and what was
// expected.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include <shogo/base/result.h>

namespace shogo {

namespace json = boost::json;

/// Parses text with bounded depth; `where` (a file name, a peer) opens every error message.
[[nodiscard]] Result<json::value> parse_json(std::string_view text, std::string_view where);
[[nodiscard]] Result<json::value> load_json(const std::filesystem::path& path);

/// Stable, indented, key order kept: what people and `diff` read. Ends with a newline.
[[nodiscard]] std::string pretty_json(const json::value& value);

/// A view of one object with its name for messages ("1-8.json: clauses[2]"). Borrows; do not outlive the
/// document.
class JsonObject {
 public:
  static Result<JsonObject> of(const json::value& value, std::string where);

  [[nodiscard]] Result<std::string> string(std::string_view key) const;
  [[nodiscard]] Result<std::int64_t> integer(std::string_view key) const;
  [[nodiscard]] Result<double> number(std::string_view key) const;
  [[nodiscard]] Result<bool> boolean(std::string_view key) const;
  [[nodiscard]] Result<JsonObject> object(std::string_view key) const;
  [[nodiscard]] Result<std::vector<JsonObject>> objects(std::string_view key) const;
  [[nodiscard]] Result<std::vector<std::string>> strings(std::string_view key) const;
  /// Absent or null.
  [[nodiscard]] bool missing(std::string_view key) const;
  /// Refuses keys outside the list: a misspelt key must not be silently ignored.
  [[nodiscard]] Result<void> only(std::initializer_list<std::string_view> keys) const;

  [[nodiscard]] const json::object& raw() const { return *object_; }
  [[nodiscard]] const std::string& where() const { return where_; }

 private:
  JsonObject(const json::object& object, std::string where) : object_(&object), where_(std::move(where)) {}
  [[nodiscard]] Result<const json::value*> find(std::string_view key, const char* expected) const;
  const json::object* object_;
  std::string where_;
};

}  // namespace shogo
