// Survey: what a collection of somebody's pictures holds, and what is wrong with it, before anything is
// measured on it.
#pragma once

#include <filesystem>
#include <functional>

#include <shogo/layouts/image_pairs.h>

namespace shogo::layouts {

struct Survey {
  std::size_t people = 0, pictures = 0;
  std::size_t fewest = 0, median = 0, most = 0;  ///< pictures of a person
  std::size_t single = 0;                        ///< people with one picture: no genuine pair
  std::uint64_t genuine = 0, impostor = 0;       ///< pairs; without a list, every picture with every other
  int least_width = 0, least_height = 0, most_width = 0, most_height = 0;  ///< of readable pictures
  std::vector<std::string> unreadable;  ///< one line each: the file, and why
};
/// Opens every picture. `keep_going` is told how many are done; false stops with kCancelled.
[[nodiscard]] Result<Survey> survey(const std::filesystem::path& folder, const ImagePairs& pictures,
                                    const std::function<bool(std::size_t)>& keep_going);

}  // namespace shogo::layouts
