// A file that grows and is there only when it is whole: written as NAME.part, renamed at the end, removed
// when there is none.
#pragma once

#include <filesystem>

#include <shogo/base/bytes.h>

namespace shogo::sim {

class PartFile {
 public:
  static Result<PartFile> create(const std::filesystem::path& path);
  ~PartFile();
  PartFile(PartFile&& other) noexcept;
  PartFile& operator=(PartFile&&) = delete;
  /// kExhausted: the storage is full.
  Result<void> write(ByteView bytes);
  /// Flushed to the disk and renamed.
  Result<void> finish();

 private:
  PartFile(std::filesystem::path path, int file) : path_(std::move(path)), file_(file) {}
  [[nodiscard]] std::filesystem::path part() const { return path_.string() + ".part"; }
  [[nodiscard]] Error failed(const char* what) const;
  std::filesystem::path path_;
  int file_ = -1;
};

}  // namespace shogo::sim
