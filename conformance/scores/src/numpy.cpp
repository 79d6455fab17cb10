#include "binary.h"
#include "builder.h"
#include <charconv>
#include <cstring>
#include <map>
#include <zlib.h>

#include <fmt/format.h>

namespace shogo::scores {
namespace {

using Arrays = std::map<std::string, std::vector<double>, std::less<>>;

Error wrong(std::string_view name, std::string what) {
  return Error{Code::kInvalid, fmt::format("{}: {}", name, what)};
}

template <typename T>
std::vector<double> widened(ByteView data, std::size_t count) {
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, data.data() + i * sizeof(T), sizeof(T));
    values[i] = static_cast<double>(value);
  }
  return values;
}

/// What follows 'key': in the header's dictionary.
std::string_view after(std::string_view header, std::string_view key) {
  const std::size_t at = header.find(key);
  if (at == std::string_view::npos) return {};
  std::string_view rest = header.substr(at + key.size());
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == ':')) rest.remove_prefix(1);
  return rest;
}

const std::vector<double>* find(const Arrays& arrays, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (const auto at = arrays.find(name); at != arrays.end()) return &at->second;
  return nullptr;
}

Result<std::vector<std::uint32_t>> numbers(const std::vector<double>& values, std::string_view what,
                                           std::string_view name) {
  std::vector<std::uint32_t> numbers;
  numbers.reserve(values.size());
  for (const double value : values) {
    if (!(value >= 0 && value < 4294967295.0) ||
        value != static_cast<double>(static_cast<std::uint32_t>(value)))
      return wrong(name, fmt::format("array {} holds {}, which is no subject number", what, value));
    numbers.push_back(static_cast<std::uint32_t>(value));
  }
  return numbers;
}

std::vector<float> narrowed(const std::vector<double>& values) {
  std::vector<float> scores;
  scores.reserve(values.size());
  for (const double value : values) scores.push_back(static_cast<float>(value));
  return scores;
}

std::uint32_t one_above(std::uint32_t now, const std::vector<std::uint32_t>& numbers) {
  for (const std::uint32_t number : numbers) now = std::max(now, number + 1);
  return now;
}

Result<ScoreColumns> two_sides(const Arrays& arrays, const std::vector<double>& genuine,
                               const std::vector<double>& impostor, std::string_view name) {
  ScoreColumns columns;
  columns.genuine = narrowed(genuine);
  columns.impostor = narrowed(impostor);
  const auto* subject = find(arrays, {"genuine_subject"});
  const auto* claimed = find(arrays, {"impostor_claimed"});
  const auto* probe = find(arrays, {"impostor_probe"});
  if (subject == nullptr && claimed == nullptr && probe == nullptr) return columns;
  if (subject == nullptr || claimed == nullptr || probe == nullptr)
    return wrong(name, "genuine_subject, impostor_claimed and impostor_probe belong together");
  SHOGO_TRY(columns.genuine_subject, numbers(*subject, "genuine_subject", name));
  SHOGO_TRY(columns.impostor_claimed, numbers(*claimed, "impostor_claimed", name));
  SHOGO_TRY(columns.impostor_probe, numbers(*probe, "impostor_probe", name));
  for (const auto* column : {&columns.genuine_subject, &columns.impostor_claimed, &columns.impostor_probe})
    columns.subjects = one_above(columns.subjects, *column);
  return columns;
}

Result<ScoreColumns> one_array(const Arrays& arrays, const std::vector<double>& scores,
                               std::string_view name) {
  ScoreColumns columns;
  const auto* labels = find(arrays, {"labels", "label", "genuine"});
  const auto* claimed = find(arrays, {"claimed"});
  const auto* probe = find(arrays, {"probe"});
  if (claimed != nullptr && probe != nullptr) {
    if (claimed->size() != scores.size() || probe->size() != scores.size())
      return wrong(name, "scores, claimed and probe differ in length");
    SHOGO_TRY(const auto a, numbers(*claimed, "claimed", name));
    SHOGO_TRY(const auto b, numbers(*probe, "probe", name));
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const auto score = static_cast<float>(scores[i]);
      if (a[i] == b[i]) {
        columns.genuine.push_back(score);
        columns.genuine_subject.push_back(a[i]);
      } else {
        columns.impostor.push_back(score);
        columns.impostor_claimed.push_back(a[i]);
        columns.impostor_probe.push_back(b[i]);
      }
    }
    columns.subjects = one_above(one_above(0, a), b);
    return columns;
  }
  if (labels == nullptr)
    return wrong(name, "the archive has scores, but neither labels nor claimed and probe");
  if (labels->size() != scores.size()) return wrong(name, "scores and labels differ in length");
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double label = (*labels)[i];
    if (label != 0 && label != 1 && label != -1)
      return wrong(name, fmt::format("label {} is {}; expected 1 (genuine) or 0", i, label));
    (label == 1 ? columns.genuine : columns.impostor).push_back(static_cast<float>(scores[i]));
  }
  return columns;
}

template <typename T>
Bytes npy_of(std::span<const T> values, std::string_view descr) {
  std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({},), }}", descr, values.size());
  while ((10 + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  Bytes bytes;
  append(bytes, as_bytes(kNpyMagic));
  bytes.insert(bytes.end(), {1, 0, static_cast<std::uint8_t>(header.size() & 0xFF),
                             static_cast<std::uint8_t>(header.size() >> 8)});
  append(bytes, as_bytes(header));
  append(bytes, {reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()});
  return bytes;
}

void put_le(Bytes& to, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    to.push_back(i < sizeof(value) ? static_cast<std::uint8_t>(value >> (8 * i)) : std::uint8_t{0});
}

}  // namespace

Result<NumpyArray> parse_array(ByteView bytes, std::string_view name) {
  if (bytes.size() < 10 || !as_text(bytes).starts_with(kNpyMagic)) return wrong(name, "is no NumPy array");
  const bool short_header = bytes[6] == 1;
  const std::size_t begin = short_header ? 10 : 12;
  if (bytes[6] < 1 || bytes[6] > 3 || bytes.size() < begin)
    return wrong(name, "is of an unknown NumPy version");
  std::size_t header_size = bytes[8] | static_cast<std::size_t>(bytes[9]) << 8;
  if (!short_header)
    header_size |= static_cast<std::size_t>(bytes[10]) << 16 | static_cast<std::size_t>(bytes[11]) << 24;
  if (bytes.size() - begin < header_size) return wrong(name, "its header is truncated");
  const std::string_view header = as_text(bytes.subspan(begin, header_size));
  const ByteView data = bytes.subspan(begin + header_size);
  if (!after(header, "'fortran_order'").starts_with("False")) return wrong(name, "is in Fortran order");
  std::string_view shape = after(header, "'shape'");
  std::uint64_t count = 0;
  if (!shape.starts_with('(')) return wrong(name, "has no shape");
  shape.remove_prefix(1);
  std::uint64_t columns = 1;
  bool matrix = false;
  const char* const last = shape.data() + shape.size();
  auto read = std::from_chars(shape.data(), last, count);
  if (read.ec == std::errc() && std::string_view(read.ptr, last).starts_with(", ")) {
    read = std::from_chars(read.ptr + 2, last, columns);
    matrix = true;
  }
  if (read.ec != std::errc() || !std::string_view(read.ptr, last).starts_with(matrix ? ")" : ",)"))
    return wrong(name, "is neither a vector nor a matrix");
  if (columns == 0 || count > (std::uint64_t{1} << 48) / columns)
    return wrong(name, "has a shape that cannot be");
  const std::uint64_t row_count = count;
  count *= columns;
  std::string_view descr = after(header, "'descr'");
  descr = descr.size() > 4 ? descr.substr(1, 3) : descr;
  const std::size_t width =
      descr.size() == 3 && descr[2] >= '1' && descr[2] <= '8' ? static_cast<std::size_t>(descr[2] - '0') : 0;
  if (width == 0 || count > data.size() / width || count * width != data.size())
    return wrong(name, fmt::format("promises {} values of type {} and holds {} bytes; is it truncated?",
                                   count, descr, data.size()));
  const auto n = static_cast<std::size_t>(count);
  NumpyArray array{{}, static_cast<std::size_t>(row_count), matrix ? static_cast<std::size_t>(columns) : 0};
  const auto filled = [&](std::vector<double> values) {
    array.values = std::move(values);
    return std::move(array);
  };
  if (descr == "<f4") return filled(widened<float>(data, n));
  if (descr == "<f8") return filled(widened<double>(data, n));
  if (descr == "|b1" || descr == "|u1") return filled(widened<std::uint8_t>(data, n));
  if (descr == "|i1") return filled(widened<std::int8_t>(data, n));
  if (descr == "<i4") return filled(widened<std::int32_t>(data, n));
  if (descr == "<u4") return filled(widened<std::uint32_t>(data, n));
  if (descr == "<i8") return filled(widened<std::int64_t>(data, n));
  if (descr == "<u8") return filled(widened<std::uint64_t>(data, n));
  return wrong(name, fmt::format("is of type {}; expected float32 or float64 scores", descr));
}

Result<std::vector<double>> parse_npy(ByteView bytes, std::string_view name) {
  SHOGO_TRY(NumpyArray array, parse_array(bytes, name));
  if (array.columns != 0) return wrong(name, "is a matrix; pass each side as its own vector");
  return std::move(array.values);
}

Result<TemplateSet> parse_templates(ByteView bytes, std::string_view name) {
  SHOGO_TRY(const auto entries, unzip(bytes, name));
  TemplateSet set;
  bool with_templates = false, with_subject = false;
  for (const ZipEntry& entry : entries) {
    if (entry.name == "templates.npy") {
      SHOGO_TRY(const NumpyArray array, parse_array(entry.content, fmt::format("{}: array templates", name)));
      if (array.columns == 0) return wrong(name, "array templates must be a matrix, one row a template");
      set.values = narrowed(array.values);
      set.dimension = array.columns;
      with_templates = true;
    } else if (entry.name == "subject.npy") {
      SHOGO_TRY(const auto values, parse_npy(entry.content, fmt::format("{}: array subject", name)));
      SHOGO_TRY(set.subject, numbers(values, "subject", name));
      with_subject = true;
    }
  }
  if (!with_templates || !with_subject)
    return wrong(name, "expected arrays templates (rows) and subject (whole numbers, one a row)");
  return set;
}

Result<ScoreSet> parse_npz(ByteView bytes, std::string_view name) {
  SHOGO_TRY(const auto entries, unzip(bytes, name));
  Arrays arrays;
  for (const ZipEntry& entry : entries) {
    std::string_view array = entry.name;
    if (!array.ends_with(".npy")) continue;
    array.remove_suffix(4);
    SHOGO_TRY(auto values, parse_npy(entry.content, fmt::format("{}: array {:.60}", name, array)));
    arrays.emplace(array, std::move(values));
  }
  const auto* genuine = find(arrays, {"genuine", "mated"});
  const auto* impostor = find(arrays, {"impostor", "imposter", "nonmated"});
  const auto* scores = find(arrays, {"scores", "score"});
  ScoreColumns columns;
  if (genuine != nullptr && impostor != nullptr) {
    SHOGO_TRY(columns, two_sides(arrays, *genuine, *impostor, name));
  } else if (scores != nullptr) {
    SHOGO_TRY(columns, one_array(arrays, *scores, name));
  } else {
    return wrong(name,
                 "expected arrays genuine and impostor, or scores with labels or with claimed and probe");
  }
  auto made = ScoreSet::of(std::move(columns));
  if (!made) return wrong(name, made.error().message());
  ScoreSet set = std::move(made).value();
  set.format = "npz";
  return set;
}

Bytes make_npz(const ScoreSet& set) {
  std::vector<std::pair<std::string, Bytes>> files{{"genuine.npy", npy_of(set.genuine(), "<f4")},
                                                   {"impostor.npy", npy_of(set.impostor(), "<f4")}};
  if (set.has_subjects()) {
    files.emplace_back("genuine_subject.npy", npy_of(set.genuine_subject(), "<u4"));
    files.emplace_back("impostor_claimed.npy", npy_of(set.impostor_claimed(), "<u4"));
    files.emplace_back("impostor_probe.npy", npy_of(set.impostor_probe(), "<u4"));
  }
  Bytes archive, directory;
  constexpr std::uint64_t kVersion = 20, kDate = 33;  // 1980-01-01: the same scores give the same bytes
  for (const auto& [file, content] : files) {
    const std::uint64_t at = archive.size(), crc = ::crc32_z(0, content.data(), content.size());
    Bytes common;
    put_le(common, kVersion, 2);
    put_le(common, 0, 6);  // flags, method: stored, time
    put_le(common, kDate, 2);
    put_le(common, crc, 4);
    put_le(common, content.size(), 4);
    put_le(common, content.size(), 4);
    put_le(common, file.size(), 2);
    put_le(common, 0, 2);
    put_le(archive, 0x04034B50, 4);
    append(archive, common);
    append(archive, as_bytes(file));
    append(archive, content);
    put_le(directory, 0x02014B50, 4);
    put_le(directory, kVersion, 2);
    append(directory, common);
    put_le(directory, 0, 10);  // comment, disk, attributes
    put_le(directory, at, 4);
    append(directory, as_bytes(file));
  }
  const std::uint64_t start = archive.size();
  append(archive, directory);
  put_le(archive, 0x06054B50, 4);
  put_le(archive, 0, 4);
  put_le(archive, files.size(), 2);
  put_le(archive, files.size(), 2);
  put_le(archive, directory.size(), 4);
  put_le(archive, start, 4);
  put_le(archive, 0, 2);
  return archive;
}

}  // namespace shogo::scores
