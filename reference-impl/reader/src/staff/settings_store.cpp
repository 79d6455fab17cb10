#include "staff/settings_store.h"

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>

namespace shogo::reader {
namespace {

constexpr std::size_t kLargest = 64U << 10;

}  // namespace

Result<boost::json::object> SettingsStore::load() const {
  std::error_code ec;
  if (file_.empty() || !std::filesystem::exists(file_, ec)) return boost::json::object{};
  SHOGO_TRY(const std::string text, read_text(file_, kLargest));
  SHOGO_TRY(const Settings sound, read_settings(text, Settings{}));
  (void)sound;
  SHOGO_TRY(json::value document, parse_json(text, "settings"));
  return std::move(document.get_object());
}

Result<void> SettingsStore::save(const boost::json::object& changes) const {
  if (file_.empty()) return {};
  std::error_code ec;
  std::filesystem::create_directories(file_.parent_path(), ec);
  return write_text(file_, pretty_json(changes));
}

}  // namespace shogo::reader
