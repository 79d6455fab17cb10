// The asset pack: what datasets/people/tools/make_pack.py writes. Little-endian:
//   "SHOGOPPL", u32 version, u32 vertices, u32 groups, u32 targets
//   vertices x 3 float (decimetres)
//   groups x { u8 length, name, u32 quads, quads x 4 u16 }
//   targets x { u8 length, name, u32 moves, moves x { u16 vertex, 3 i16 (0.1 mm) } }
#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <map>

#include <fmt/format.h>

#include <shogo/base/file.h>
#include <shogo/people/head_model.h>

namespace shogo::people {
namespace {

constexpr std::uint32_t kVersion = 1;
constexpr float kMillimetresPerUnit = 100;  // the base mesh is in decimetres
constexpr std::size_t kLargestPack = 64U << 20;

/// Reads forward; a read beyond the end makes everything after it zero and `ok` false.
class Cursor {
 public:
  explicit Cursor(ByteView bytes) : bytes_(bytes) {}
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }
  std::uint32_t number(std::size_t size) {
    if (left() < size) {
      ok_ = false;
      return 0;
    }
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value |= std::uint32_t{bytes_[at_ + i]} << (8 * i);
    at_ += size;
    return value;
  }
  float real() { return std::bit_cast<float>(number(4)); }
  std::int16_t signed16() { return static_cast<std::int16_t>(static_cast<std::uint16_t>(number(2))); }
  std::string name() {
    const std::size_t size = number(1);
    if (left() < size) {
      ok_ = false;
      return {};
    }
    const std::string text(as_text(bytes_.subspan(at_, size)));
    at_ += size;
    return text;
  }

 private:
  ByteView bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

const std::map<std::string, Part, std::less<>> kParts = {
    {"skin", Part::kSkin},     {"tongue", Part::kTongue},      {"teeth", Part::kTeeth},
    {"lashes", Part::kLashes}, {"eye_right", Part::kEyeRight}, {"eye_left", Part::kEyeLeft}};

Error damaged(std::string_view what) {
  return Error{
      Code::kCorrupt,
      fmt::format("the people asset pack is damaged ({}): delete it and run ci/setup --people", what)};
}

}  // namespace

Result<HeadModel> HeadModel::from_pack(ByteView pack) {
  Cursor in(pack);
  constexpr std::string_view kMagic = "SHOGOPPL";
  if (pack.size() < kMagic.size() || as_text(pack.first(kMagic.size())) != kMagic)
    return damaged("not a pack");
  for (std::size_t i = 0; i < kMagic.size(); ++i) in.number(1);
  const std::uint32_t version = in.number(4);
  if (version != kVersion)
    return Error{Code::kUnsupported,
                 fmt::format("people asset pack of version {}; this build reads version {}: run "
                             "ci/setup --people again",
                             version, kVersion)};
  const std::uint32_t vertices = in.number(4), groups = in.number(4), targets = in.number(4);
  if (!in.ok() || vertices > 65535 || vertices * std::size_t{12} > in.left()) return damaged("vertices");
  HeadModel head;
  for (std::uint32_t i = 0; i < vertices; ++i) {
    Vec3 p;
    p.x = in.real();
    p.y = in.real();
    p.z = in.real();
    if (!(std::abs(p.x) < 100 && std::abs(p.y) < 100 && std::abs(p.z) < 100))
      return damaged("vertex out of range");
    head.rest_.push_back(p * kMillimetresPerUnit);
  }
  for (std::uint32_t g = 0; g < groups; ++g) {
    const auto part = kParts.find(in.name());
    const std::uint32_t quads = in.number(4);
    if (!in.ok() || part == kParts.end() || quads * std::size_t{8} > in.left()) return damaged("group");
    for (std::uint32_t q = 0; q < quads; ++q) {
      Quad quad{};
      quad.part = part->second;
      for (auto& corner : quad.corner) {
        corner = static_cast<std::uint16_t>(in.number(2));
        if (corner >= vertices) return damaged("quad");
      }
      head.quads_.push_back(quad);
    }
  }
  for (std::uint32_t t = 0; t < targets; ++t) {
    Target target;
    target.name = in.name();
    const std::uint32_t moves = in.number(4);
    if (!in.ok() || moves * std::size_t{8} > in.left()) return damaged("target");
    target.moves.reserve(moves);
    for (std::uint32_t m = 0; m < moves; ++m) {
      Target::Move move{};
      move.vertex = static_cast<std::uint16_t>(in.number(2));
      const float x = in.signed16(), y = in.signed16(), z = in.signed16();
      if (move.vertex >= vertices) return damaged("move");
      move.by = Vec3{x, y, z} * 0.1F;
      target.moves.push_back(move);
    }
    head.targets_.push_back(std::move(target));
  }
  if (!in.ok() || in.left() != 0) return damaged("length");
  for (const Part part : {Part::kSkin, Part::kEyeLeft, Part::kEyeRight}) {
    bool there = false;
    for (const Quad& quad : head.quads_) there = there || quad.part == part;
    if (!there) return damaged("a part is missing");
  }
  head.id_ = fmt::format("makehuman-cc0 {} {}", kVersion, sha256_hex(pack).substr(0, 16));
  head.finish();
  return head;
}

std::filesystem::path pack_path() {
  if (const char* own = std::getenv("SHOGO_PEOPLE_PACK"); own != nullptr && *own != 0) return own;
  const std::string name = fmt::format("people-{}.pack", kVersion);
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != 0)
    return std::filesystem::path(cache) / "shogo" / name;
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home == nullptr ? "." : home) / ".cache" / "shogo" / name;
}

Result<std::shared_ptr<const HeadModel>> HeadModel::load() {
  const std::filesystem::path path = pack_path();
  std::error_code ec;
  if (!std::filesystem::exists(path, ec)) return std::make_shared<const HeadModel>(built_in());
  SHOGO_TRY(const Bytes bytes, read_file(path, kLargestPack));
  SHOGO_TRY(HeadModel head, from_pack(bytes));
  return std::make_shared<const HeadModel>(std::move(head));
}

}  // namespace shogo::people
