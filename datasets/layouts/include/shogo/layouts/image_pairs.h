// Which images of which people are compared: the layouts in which face collections come. A folder holds one
// folder a person (its name is the person's), with that person's pictures in it; a file says which of them
// are compared:
//
//   nothing   every picture with every other
//   LFW       "10 300" (folds, pairs of each kind in a fold; or one number), then lines "name i j" (genuine)
//   and
//             "name i other j"; picture i of name is name/name_000i.jpg (or .png)
//   CSV       header with reference and probe: paths below the folder; and optionally reference_subject and
//             probe_subject (else the first folder of each path is the person). No quotes
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/result.h>

namespace shogo::layouts {

struct ImagePairs {
  std::vector<std::string> images;     ///< paths below the folder, each once
  std::vector<std::uint32_t> subject;  ///< whose picture each one is
  std::vector<std::string> subjects;   ///< names
  struct Pair {
    std::uint32_t reference = 0, probe = 0;  ///< numbers of images
  };
  std::vector<Pair> pairs;
};

/// Every picture (.jpg .jpeg .png .bmp) of a folder of folders, in order of name, and no pairs. Refuses a
/// folder with fewer than two.
[[nodiscard]] Result<ImagePairs> pictures_of(const std::filesystem::path& folder);

/// The same, and every picture with every other one.
[[nodiscard]] Result<ImagePairs> all_pairs_of(const std::filesystem::path& folder);

/// LFW or CSV, told apart by the first line; `name` opens messages. Refuses a line that does not fit, one
/// image under two people, an image with itself, and a pair that came before in the same roles. Paths that
/// lead out of the folder are refused. Whether the images exist is not looked at.
[[nodiscard]] Result<ImagePairs> parse_pairs(std::string_view text, std::string_view name);

/// The file of an image; LFW names without ending find .jpg, then .png. kNotFound names what was looked for.
[[nodiscard]] Result<std::filesystem::path> find_image(const std::filesystem::path& folder,
                                                       const std::string& image);

}  // namespace shogo::layouts
