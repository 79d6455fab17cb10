// Files that shogo_embed() (cmake/ShogoTargets.cmake) puts into a program, so that it needs no data folder
// beside it. A target T gets shogo::embedded_T::files().
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace shogo {

struct EmbeddedFile {
  const char* name;  ///< "prefix/leaf.json"
  const char* begin;
  const char* end;
  [[nodiscard]] std::string_view text() const { return {begin, static_cast<std::size_t>(end - begin)}; }
};

[[nodiscard]] inline std::optional<std::string_view> find_embedded(std::span<const EmbeddedFile> files,
                                                                   std::string_view name) {
  for (const EmbeddedFile& file : files) {
    if (name == file.name) return file.text();
  }
  return std::nullopt;
}

}  // namespace shogo
