#include "staff/settings_store.h"

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>

namespace shogo::reader {
namespace {

constexpr std::size_t kLargest = 64U << 10;

}  // namespace

Result<Settings> SettingsStore::load() const {
  std::error_code ec;
  if (file_.empty() || !std::filesystem::exists(file_, ec)) return Settings{};
  SHOGO_TRY(const std::string text, read_text(file_, kLargest));
  return read_settings(text, Settings{});
}

Result<void> SettingsStore::save(const Settings& settings) const {
  if (file_.empty()) return {};
  std::error_code ec;
  std::filesystem::create_directories(file_.parent_path(), ec);
  return write_text(file_, pretty_json(print_settings(settings)));
}

}  // namespace shogo::reader
