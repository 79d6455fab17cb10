// Storage: the few operations of a folder on which an update must survive a power cut at any byte (4-9.i).
// What a real disk promises, and no more: bytes are safe after sync(), names after sync_folder(); until then
// any part of either may be lost. rename() is atomic. Names are plain, without folders. One thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/bytes.h>

namespace shogo::reference {

class Storage {
 public:
  virtual ~Storage() = default;
  /// kNotFound: no such file.
  [[nodiscard]] virtual Result<Bytes> read(std::string_view name) = 0;
  [[nodiscard]] virtual Result<std::vector<std::string>> list() = 0;
  /// A new file, or a new content for an old one. kExhausted: no space; a part may be written.
  [[nodiscard]] virtual Result<void> write(std::string_view name, ByteView bytes) = 0;
  [[nodiscard]] virtual Result<void> sync(std::string_view name) = 0;
  [[nodiscard]] virtual Result<void> rename(std::string_view from, std::string_view to) = 0;
  [[nodiscard]] virtual Result<void> remove(std::string_view name) = 0;
  [[nodiscard]] virtual Result<void> sync_folder() = 0;
};

/// A folder of the device's own disk.
class FolderStorage final : public Storage {
 public:
  /// Creates the folder when it is missing.
  static Result<FolderStorage> open(const std::filesystem::path& folder);
  [[nodiscard]] Result<Bytes> read(std::string_view name) override;
  [[nodiscard]] Result<std::vector<std::string>> list() override;
  [[nodiscard]] Result<void> write(std::string_view name, ByteView bytes) override;
  [[nodiscard]] Result<void> sync(std::string_view name) override;
  [[nodiscard]] Result<void> rename(std::string_view from, std::string_view to) override;
  [[nodiscard]] Result<void> remove(std::string_view name) override;
  [[nodiscard]] Result<void> sync_folder() override;

 private:
  explicit FolderStorage(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path folder_;
};

}  // namespace shogo::reference
