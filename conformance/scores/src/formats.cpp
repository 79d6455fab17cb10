#include "binary.h"
#include "builder.h"
#include "text_formats.h"
#include <array>
#include <charconv>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <shogo/base/file.h>
#include <shogo/scores/formats.h>

namespace shogo::scores {
namespace {

struct Named {
  Format format;
  std::string_view name;
};
constexpr std::array kFormats{Named{Format::kBob4, "bob4"}, Named{Format::kBob5, "bob5"},
                              Named{Format::kCsv, "csv"},   Named{Format::kFrvt, "frvt"},
                              Named{Format::kList, "list"}, Named{Format::kNpz, "npz"},
                              Named{Format::kNpy, "npy"},   Named{Format::kScores, "scores"}};

/// A file mapped into memory for reading.
class Mapped {
 public:
  static Result<std::shared_ptr<const Mapped>> open(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat about {};
    if (file < 0 || ::fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
      if (file >= 0) ::close(file);
      return Error{Code::kNotFound, fmt::format("{}: cannot be read as a file", path.string())};
    }
    const auto size = static_cast<std::size_t>(about.st_size);
    void* memory = size > 0 ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0) : nullptr;
    ::close(file);
    if (size == 0) return Error{Code::kInvalid, fmt::format("{}: the file is empty", path.string())};
    if (memory == MAP_FAILED)
      return Error{Code::kUnavailable, fmt::format("{}: cannot be mapped into memory", path.string())};
    return std::shared_ptr<const Mapped>(new Mapped(memory, size));
  }
  ~Mapped() { ::munmap(memory_, size_); }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  [[nodiscard]] ByteView bytes() const { return {static_cast<const std::uint8_t*>(memory_), size_}; }

 private:
  Mapped(void* memory, std::size_t size) : memory_(memory), size_(size) {}
  void* memory_;
  std::size_t size_;
};

Result<ScoreSet> parse_as(ByteView bytes, std::string_view name, const ReadOptions& options,
                          std::shared_ptr<const void> keep) {
  const std::optional<Format> format = options.format ? options.format : sniff(bytes);
  if (!format)
    return Error{
        Code::kInvalid,
        fmt::format("{}: this is no score file that is known here (bob4, bob5, csv, frvt, list, npz, npy, "
                    "scores); name the format with --format if it is one",
                    name)};
  const auto read = [&]() -> Result<ScoreSet> {
    switch (*format) {
      case Format::kBob4:
        return parse_bob(as_text(bytes), name, 4);
      case Format::kBob5:
        return parse_bob(as_text(bytes), name, 5);
      case Format::kCsv:
        return parse_csv(as_text(bytes), name);
      case Format::kFrvt:
        return parse_frvt(as_text(bytes), name);
      case Format::kNpz:
        return parse_npz(bytes, name);
      case Format::kScores:
        return parse_own(bytes, name, std::move(keep));
      case Format::kList:
      case Format::kNpy:
        break;
    }
    return Error{Code::kInvalid,
                 fmt::format("{}: a file of format {} holds one side only; give two files, genuine "
                             "scores first",
                             name, to_string(*format))};
  };
  SHOGO_TRY(ScoreSet set, read());
  return oriented(std::move(set), name, options.lower_is_similar);
}

Result<std::vector<float>> one_side(const std::filesystem::path& file, const ReadOptions& options) {
  SHOGO_TRY(const auto mapped, Mapped::open(file));
  const std::optional<Format> format = options.format ? options.format : sniff(mapped->bytes());
  const std::string name = file.string();
  if (format == Format::kList) return parse_list(as_text(mapped->bytes()), name);
  if (format != Format::kNpy)
    return Error{
        Code::kInvalid,
        fmt::format("{}: expected one score a line or a NumPy array, because two files were given", name)};
  SHOGO_TRY(const std::vector<double> values, parse_npy(mapped->bytes(), name));
  std::vector<float> scores;
  scores.reserve(values.size());
  for (const double value : values) scores.push_back(static_cast<float>(value));
  return scores;
}

/// Also "nan" and "inf": the file is of this format, and its reader says what is wrong with it.
bool is_number(std::string_view word) {
  if (word.starts_with('+')) word.remove_prefix(1);
  double value = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
  return problem == std::errc() && end == word.data() + word.size();
}

}  // namespace

std::string_view to_string(Format format) {
  for (const Named& named : kFormats)
    if (named.format == format) return named.name;
  return "";
}

std::optional<Format> format_from(std::string_view name) {
  for (const Named& named : kFormats)
    if (named.name == name) return named.format;
  return std::nullopt;
}

std::optional<Format> sniff(ByteView bytes) {
  std::string_view text = as_text(bytes);
  if (text.starts_with(kScoresMagic)) return Format::kScores;
  if (text.starts_with(kZipMagic)) return Format::kNpz;
  if (text.starts_with(kNpyMagic)) return Format::kNpy;
  text = text.substr(0, 65536);
  std::string_view line;
  while (!text.empty() && (line.empty() || line.front() == '#')) line = take_line(text);
  const auto words = words_of(line);
  if (!words.empty() && words[0] == "enrollTempl") return Format::kFrvt;
  if (line.find(',') != std::string_view::npos) return Format::kCsv;
  if (words.size() == 1 && is_number(words[0])) return Format::kList;
  if (words.size() == 4 && is_number(words[3])) return Format::kBob4;
  if (words.size() == 5 && is_number(words[4])) return Format::kBob5;
  return std::nullopt;
}

Result<ScoreSet> parse_scores(ByteView bytes, std::string_view name, const ReadOptions& options) {
  if (bytes.empty()) return Error{Code::kInvalid, fmt::format("{}: the file is empty", name)};
  return parse_as(bytes, name, options, nullptr);
}

Result<ScoreSet> read_scores(const std::filesystem::path& file, const ReadOptions& options,
                             const std::filesystem::path& impostor) {
  if (impostor.empty()) {
    SHOGO_TRY(const auto mapped, Mapped::open(file));
    return parse_as(mapped->bytes(), file.string(), options, mapped);
  }
  ScoreColumns columns;
  SHOGO_TRY(columns.genuine, one_side(file, options));
  SHOGO_TRY(columns.impostor, one_side(impostor, options));
  SHOGO_TRY(ScoreSet set, ScoreSet::of(std::move(columns)));
  set.format = "list";
  return oriented(std::move(set), file.string(), options.lower_is_similar);
}

Result<TemplateSet> read_templates(const std::filesystem::path& file) {
  SHOGO_TRY(const auto mapped, Mapped::open(file));
  return parse_templates(mapped->bytes(), file.string());
}

Result<void> write_scores(const std::filesystem::path& file, const ScoreSet& scores) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  const auto put = [&](const void* data, std::size_t size) {
    out.write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
    constexpr std::array<char, kOwnAlignment> kZeros{};
    if (size % kOwnAlignment != 0)
      out.write(kZeros.data(), static_cast<std::streamsize>(kOwnAlignment - size % kOwnAlignment));
  };
  const std::string header = own_header(scores), names = own_names(scores);
  put(header.data(), header.size());
  put(scores.genuine().data(), scores.genuine().size_bytes());
  put(scores.impostor().data(), scores.impostor().size_bytes());
  put(scores.genuine_subject().data(), scores.genuine_subject().size_bytes());
  put(scores.impostor_claimed().data(), scores.impostor_claimed().size_bytes());
  put(scores.impostor_probe().data(), scores.impostor_probe().size_bytes());
  out.write(names.data(), static_cast<std::streamsize>(names.size()));
  out.flush();
  if (!out) return Error{Code::kUnavailable, fmt::format("{}: cannot be written", file.string())};
  return {};
}

Result<void> export_scores(const std::filesystem::path& file, const ScoreSet& scores, Format format) {
  if (format == Format::kScores) return write_scores(file, scores);
  if (format == Format::kNpz) return write_file(file, make_npz(scores));
  std::string text;
  const auto name = [&](std::uint32_t subject) {
    return scores.names.empty() ? fmt::format("s{}", subject) : scores.names[subject];
  };
  if (format == Format::kCsv) {
    text = "genuine,score\n";
    for (const float score : scores.genuine()) text += fmt::format("1,{}\n", score);
    for (const float score : scores.impostor()) text += fmt::format("0,{}\n", score);
  } else if (format == Format::kBob4) {
    if (!scores.has_subjects())
      return Error{Code::kUnsupported,
                   "bob4 names the subjects, and these scores do not know them; write csv"};
    for (std::size_t i = 0; i < scores.genuine().size(); ++i)
      text += fmt::format("{0} {0} g{1} {2}\n", name(scores.genuine_subject()[i]), i, scores.genuine()[i]);
    for (std::size_t i = 0; i < scores.impostor().size(); ++i)
      text += fmt::format("{} {} i{} {}\n", name(scores.impostor_claimed()[i]),
                          name(scores.impostor_probe()[i]), i, scores.impostor()[i]);
  } else {
    return Error{Code::kUnsupported,
                 fmt::format("{} is read, not written; write scores, npz, csv or bob4", to_string(format))};
  }
  return write_text(file, text);
}

}  // namespace shogo::scores
