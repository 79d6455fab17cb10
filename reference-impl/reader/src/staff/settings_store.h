// The clinic's settings outlive a restart (3-11.c): one file, old or new but never half.
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

  /// Defaults where nothing has been kept yet; an error when something is there that cannot be read.
  [[nodiscard]] Result<Settings> load() const;
  [[nodiscard]] Result<void> save(const Settings& settings) const;

 private:
  std::filesystem::path file_;
};

}  // namespace shogo::reader
