// What the clinic's staff have changed in the settings outlives a restart (3-11.c): the changed keys in one
// file, old or new but never half. What a package has delivered is kept by the package (docs/updates.md).
#pragma once

#include "settings.h"
#include <filesystem>
#include <string>

namespace shogo::reader {

class SettingsStore {
 public:
  /// `folder` of bench.json's storage_folder; empty: nothing is kept.
  explicit SettingsStore(const std::string& folder)
      : file_(folder.empty() ? std::filesystem::path() : std::filesystem::path(folder) / "settings.json") {}

  /// Empty where nothing has been kept yet; an error when something is there that cannot be read.
  [[nodiscard]] Result<boost::json::object> load() const;
  [[nodiscard]] Result<void> save(const boost::json::object& changes) const;

 private:
  std::filesystem::path file_;
};

}  // namespace shogo::reader
