// .scores: 64 bytes of header, then columns of 4-byte values, each at a multiple of 64 bytes, then the
// subjects' names.
#include "binary.h"
#include <bit>
#include <cstring>
#include <limits>

#include <fmt/format.h>

namespace shogo::scores {
namespace {

static_assert(std::endian::native == std::endian::little, ".scores is mapped as it is: little-endian");

constexpr std::uint32_t kVersion = 1, kWithSubjects = 1;

struct Header {
  std::array<char, 8> magic;
  std::uint32_t version, flags;
  std::uint64_t genuine, impostor;
  std::uint32_t subjects, reserved;
  std::uint64_t genuine_failures, impostor_failures, names_size;
};
static_assert(sizeof(Header) == kOwnAlignment);

std::uint64_t padded(std::uint64_t bytes) {
  return (bytes + kOwnAlignment - 1) / kOwnAlignment * kOwnAlignment;
}

Error wrong(std::string_view name, std::string what) {
  return Error{Code::kCorrupt, fmt::format("{}: {}", name, what)};
}

}  // namespace

Result<ScoreSet> parse_own(ByteView bytes, std::string_view name, std::shared_ptr<const void> keep) {
  Header header;
  if (bytes.size() < sizeof(Header))
    return wrong(name, "shorter than the header of a .scores file; is it truncated?");
  std::memcpy(&header, bytes.data(), sizeof(Header));
  if (std::string_view(header.magic.data(), header.magic.size()) != kScoresMagic)
    return wrong(name, "does not begin as a .scores file");
  if (header.version != kVersion)
    return wrong(name,
                 fmt::format("is of version {}; this build reads version {}", header.version, kVersion));
  if ((header.flags & ~kWithSubjects) != 0 || header.reserved != 0)
    return wrong(name, "has flags that are not known");
  const bool with_subjects = (header.flags & kWithSubjects) != 0;
  if (with_subjects != (header.subjects > 0))
    return wrong(name, "the number of subjects contradicts the flags");
  constexpr std::uint64_t kMost = std::uint64_t{1} << 56;
  if (header.genuine > kMost || header.impostor > kMost || header.names_size > kMost)
    return wrong(name, "holds counts that cannot be");
  const std::uint64_t genuine_bytes = padded(4 * header.genuine),
                      impostor_bytes = padded(4 * header.impostor);
  const std::uint64_t columns =
      (with_subjects ? 2 : 1) * genuine_bytes + (with_subjects ? 3 : 1) * impostor_bytes;
  const std::uint64_t expected = sizeof(Header) + columns + header.names_size;
  if (bytes.size() != expected)
    return wrong(
        name, fmt::format("has {} bytes, its header promises {}; is it truncated?", bytes.size(), expected));
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(float) != 0)
    return wrong(name, "lies at an odd address in memory");

  std::uint64_t at = sizeof(Header);
  const auto column = [&]<typename T>(const T*, std::uint64_t count, std::uint64_t size) {
    const auto* begin = reinterpret_cast<const T*>(bytes.data() + at);
    at += size;
    return std::span<const T>(begin, static_cast<std::size_t>(count));
  };
  constexpr const float* kFloat = nullptr;
  constexpr const std::uint32_t* kNumber = nullptr;
  const auto genuine = column(kFloat, header.genuine, genuine_bytes);
  const auto impostor = column(kFloat, header.impostor, impostor_bytes);
  std::span<const std::uint32_t> subject, claimed, probe;
  if (with_subjects) {
    subject = column(kNumber, header.genuine, genuine_bytes);
    claimed = column(kNumber, header.impostor, impostor_bytes);
    probe = column(kNumber, header.impostor, impostor_bytes);
  }
  auto made = ScoreSet::view(std::move(keep), genuine, impostor, subject, claimed, probe, header.subjects);
  if (!made) return wrong(name, made.error().message());
  ScoreSet set = std::move(made).value();
  set.format = "scores";
  set.genuine_failures = header.genuine_failures;
  set.impostor_failures = header.impostor_failures;
  if (header.names_size > 0) {
    std::string_view rest = as_text(bytes.subspan(static_cast<std::size_t>(at)));
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      if (end == std::string_view::npos) return wrong(name, "the list of names does not end with a line end");
      set.names.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    if (set.names.size() != header.subjects)
      return wrong(name, fmt::format("names {} subjects of {}", set.names.size(), header.subjects));
  }
  return set;
}

std::string own_header(const ScoreSet& set) {
  Header header{};
  std::memcpy(header.magic.data(), kScoresMagic.data(), kScoresMagic.size());
  header.version = kVersion;
  header.flags = set.has_subjects() ? kWithSubjects : 0;
  header.genuine = set.genuine().size();
  header.impostor = set.impostor().size();
  header.subjects = set.subjects();
  header.genuine_failures = set.genuine_failures;
  header.impostor_failures = set.impostor_failures;
  header.names_size = own_names(set).size();
  return {reinterpret_cast<const char*>(&header), sizeof(Header)};
}

std::string own_names(const ScoreSet& set) {
  std::string names;
  if (!set.has_subjects()) return names;
  for (const std::string& name : set.names) names += name + "\n";
  return names;
}

}  // namespace shogo::scores
