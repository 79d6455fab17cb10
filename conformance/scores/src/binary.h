// Readers and writers of binary score files.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/bytes.h>
#include <shogo/base/result.h>
#include <shogo/scores/formats.h>
#include <shogo/scores/score_set.h>

namespace shogo::scores {

constexpr std::string_view kScoresMagic = "SHOGOSC1";
constexpr std::string_view kNpyMagic = "\x93NUMPY";
constexpr std::string_view kZipMagic = "PK\x03\x04";

/// `keep` keeps `bytes` alive; they must lie at an address divisible by 4.
[[nodiscard]] Result<ScoreSet> parse_own(ByteView bytes, std::string_view name,
                                         std::shared_ptr<const void> keep);
/// Header and columns one after the other, as write_scores puts them into the file.
[[nodiscard]] std::string own_header(const ScoreSet& set);
[[nodiscard]] std::string own_names(const ScoreSet& set);
constexpr std::size_t kOwnAlignment = 64;

struct NumpyArray {
  std::vector<double> values;  ///< row by row
  std::size_t rows = 0;
  std::size_t columns = 0;  ///< 0: a vector
};
[[nodiscard]] Result<NumpyArray> parse_array(ByteView bytes, std::string_view name);
/// A one-dimensional array of numbers.
[[nodiscard]] Result<std::vector<double>> parse_npy(ByteView bytes, std::string_view name);
[[nodiscard]] Result<ScoreSet> parse_npz(ByteView bytes, std::string_view name);
/// Stored, not compressed, with the arrays of docs/measuring.md.
[[nodiscard]] Bytes make_npz(const ScoreSet& set);

/// Entries of a ZIP archive, unpacked. Refuses what lies outside, encrypted entries, and lengths that cannot
/// be.
struct ZipEntry {
  std::string name;
  Bytes content;
};
[[nodiscard]] Result<std::vector<ZipEntry>> unzip(ByteView bytes, std::string_view name);

}  // namespace shogo::scores
