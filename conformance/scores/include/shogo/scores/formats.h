// Score files of the field. Each is recognised by its content, or named with `format`.
//
//   bob4      claimed real label score                      whitespace; genuine when claimed = real
//   bob5      claimed model real label score                the same with the model's name
//   csv       header line; score and (genuine | label) or two subject columns, see docs/measuring.md
//   frvt      enrollTempl verifTempl simScore returnCode    NIST validation log; subject = name up to the
//   first _ - . list      one score a line                              needs two files (pyeer's way):
//   genuine, impostor npz, npy  NumPy: arrays genuine and impostor, or scores with labels or claimed and
//   probe; npy needs two files scores    our own: header and aligned float32 columns, mapped and not read
//
// All refuse with file and place: NaN and infinities, a side without scores, the same two samples compared
// twice, truncated content, and scores that run the other way (genuine ones lower on average).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/bytes.h>
#include <shogo/base/result.h>
#include <shogo/scores/score_set.h>

namespace shogo::scores {

enum class Format { kBob4, kBob5, kCsv, kFrvt, kList, kNpz, kNpy, kScores };
[[nodiscard]] std::string_view to_string(Format format);
[[nodiscard]] std::optional<Format> format_from(std::string_view name);

struct ReadOptions {
  std::optional<Format> format;   ///< none: recognised
  bool lower_is_similar = false;  ///< distances: turned round while reading
};

/// What the first bytes look like; none when nothing fits.
[[nodiscard]] std::optional<Format> sniff(ByteView bytes);

/// One file, or with `impostor` two: genuine scores in `file`, impostor scores in `impostor` (list and npy
/// only).
[[nodiscard]] Result<ScoreSet> read_scores(const std::filesystem::path& file, const ReadOptions& options = {},
                                           const std::filesystem::path& impostor = {});

/// The same from memory, for tests and fuzzing; `name` opens the messages. `bytes` must outlive the set
/// (.scores).
[[nodiscard]] Result<ScoreSet> parse_scores(ByteView bytes, std::string_view name,
                                            const ReadOptions& options = {});

/// Our own format. Little-endian; layout in docs/measuring.md.
[[nodiscard]] Result<void> write_scores(const std::filesystem::path& file, const ScoreSet& scores);
/// bob4 when subjects are known, else csv with columns genuine, score; npz with genuine, impostor (and
/// subjects).
[[nodiscard]] Result<void> export_scores(const std::filesystem::path& file, const ScoreSet& scores,
                                         Format format);

/// Templates to be compared with each other: an .npz with arrays `templates` (a matrix, one row a template)
/// and `subject` (whole numbers). Narrowed to float32.
struct TemplateSet {
  std::vector<float> values;
  std::size_t dimension = 0;
  std::vector<std::uint32_t> subject;
};
[[nodiscard]] Result<TemplateSet> read_templates(const std::filesystem::path& file);
[[nodiscard]] Result<TemplateSet> parse_templates(ByteView bytes, std::string_view name);

}  // namespace shogo::scores
