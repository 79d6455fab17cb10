// Whole files, read with a limit and written so that a reader never sees half of one.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include <shogo/base/bytes.h>

namespace shogo {

constexpr std::size_t kDefaultFileLimit = 64U << 20;

[[nodiscard]] Result<Bytes> read_file(const std::filesystem::path& path,
                                      std::size_t limit = kDefaultFileLimit);
[[nodiscard]] Result<std::string> read_text(const std::filesystem::path& path,
                                            std::size_t limit = kDefaultFileLimit);

/// Writes beside the target, flushes to disk, renames: after a crash the old or the new content is there,
/// never a mix.
[[nodiscard]] Result<void> write_file(const std::filesystem::path& path, ByteView bytes);
[[nodiscard]] Result<void> write_text(const std::filesystem::path& path, std::string_view text);

/// A new empty folder under the system's temporary folder, removed with everything in it at the end.
class TemporaryFolder {
 public:
  static Result<TemporaryFolder> create(std::string_view prefix);
  ~TemporaryFolder();
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&& other) noexcept;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace shogo
