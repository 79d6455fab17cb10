// The part of ZIP that NumPy writes: stored or deflated entries, with or without 64-bit lengths.
#include "binary.h"
#include <algorithm>
#include <zlib.h>

#include <fmt/format.h>

namespace shogo::scores {
namespace {

constexpr std::uint32_t kEndMagic = 0x06054B50, kEntryMagic = 0x02014B50, kLocalMagic = 0x04034B50;
constexpr std::size_t kEndSize = 22, kEntrySize = 46, kLocalSize = 30;
constexpr std::uint64_t kLarge = 0xFFFFFFFF;  // the real length stands in the extra field

std::uint64_t le(ByteView bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i > 0; --i) value = value << 8 | bytes[at + i - 1];
  return value;
}

Error wrong(std::string_view name, std::string what) {
  return Error{Code::kCorrupt, fmt::format("{}: {}", name, what)};
}

struct Entry {
  std::string name;
  std::uint64_t method = 0, flags = 0, packed = 0, size = 0, crc = 0, local = 0;
};

/// Lengths of 4 GiB and more: in the order size, packed, local, only those that did not fit.
void read_large(ByteView extra, Entry& entry) {
  std::size_t at = 0;
  while (at + 4 <= extra.size()) {
    const auto id = le(extra, at, 2);
    const auto length = static_cast<std::size_t>(le(extra, at + 2, 2));
    at += 4;
    if (length > extra.size() - at) return;
    if (id == 1) {
      std::size_t field = at;
      for (std::uint64_t* value : {&entry.size, &entry.packed, &entry.local})
        if (*value == kLarge && field + 8 <= at + length) {
          *value = le(extra, field, 8);
          field += 8;
        }
      return;
    }
    at += length;
  }
}

Result<Bytes> inflate_all(ByteView packed, std::uint64_t size, std::string_view name) {
  // Deflate cannot shrink by more than 1032: a longer promise is a lie, found before the memory is taken.
  if (size > 1032 * (static_cast<std::uint64_t>(packed.size()) + 64))
    return wrong(name, "an entry's length cannot be");
  Bytes content(static_cast<std::size_t>(size));
  z_stream stream{};
  if (::inflateInit2(&stream, -MAX_WBITS) != Z_OK) return Error{Code::kInternal, "zlib does not start"};
  std::size_t in = 0, out = 0;
  int state = Z_OK;
  constexpr std::size_t kStep = 1U << 30;  // zlib counts in 32 bits
  while (state == Z_OK) {
    const std::size_t take = std::min(kStep, packed.size() - in),
                      give = std::min(kStep, content.size() - out);
    stream.next_in = const_cast<Bytef*>(packed.data() + in);
    stream.avail_in = static_cast<uInt>(take);
    stream.next_out = content.data() + out;
    stream.avail_out = static_cast<uInt>(give);
    state = ::inflate(&stream, Z_NO_FLUSH);
    const std::size_t used = take - stream.avail_in, made = give - stream.avail_out;
    in += used;
    out += made;
    if (state == Z_OK && used == 0 && made == 0) state = Z_BUF_ERROR;
  }
  ::inflateEnd(&stream);
  if (state != Z_STREAM_END || out != content.size()) return wrong(name, "an entry cannot be unpacked");
  return content;
}

}  // namespace

Result<std::vector<ZipEntry>> unzip(ByteView bytes, std::string_view name) {
  if (bytes.size() < kEndSize) return wrong(name, "too short for a ZIP archive; is it truncated?");
  std::size_t end = bytes.size() - kEndSize;
  const std::size_t lowest = end > 65535 ? end - 65535 : 0;
  while (le(bytes, end, 4) != kEndMagic) {
    if (end == lowest) return wrong(name, "the archive has no end record; is it truncated?");
    --end;
  }
  const std::uint64_t count = le(bytes, end + 10, 2);
  std::uint64_t at = le(bytes, end + 16, 4);
  if (at == kLarge) {  // the directory of a large archive: its place is in the record before
    constexpr std::size_t kLocator = 20, kEnd64 = 56;
    if (end < kLocator) return wrong(name, "the record of a large archive is missing");
    const std::uint64_t end64 = le(bytes, end - kLocator + 8, 8);
    if (end64 > bytes.size() || bytes.size() - end64 < kEnd64)
      return wrong(name, "the end record lies outside");
    at = le(bytes, static_cast<std::size_t>(end64) + 48, 8);
  }
  std::vector<ZipEntry> entries;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (at > bytes.size() || bytes.size() - at < kEntrySize ||
        le(bytes, static_cast<std::size_t>(at), 4) != kEntryMagic)
      return wrong(name, "the archive's directory is broken");
    const ByteView head = bytes.subspan(static_cast<std::size_t>(at));
    const auto name_size = static_cast<std::size_t>(le(head, 28, 2)),
               extra_size = static_cast<std::size_t>(le(head, 30, 2)),
               comment_size = static_cast<std::size_t>(le(head, 32, 2));
    if (head.size() - kEntrySize < name_size + extra_size + comment_size)
      return wrong(name, "the archive's directory is broken");
    Entry entry{std::string(as_text(head.subspan(kEntrySize, name_size))),
                le(head, 10, 2),
                le(head, 8, 2),
                le(head, 20, 4),
                le(head, 24, 4),
                le(head, 16, 4),
                le(head, 42, 4)};
    read_large(head.subspan(kEntrySize + name_size, extra_size), entry);
    at += kEntrySize + name_size + extra_size + comment_size;

    if ((entry.flags & 1) != 0) return wrong(name, "is encrypted");
    if (entry.local > bytes.size() || bytes.size() - entry.local < kLocalSize)
      return wrong(name, "an entry lies outside");
    const ByteView local = bytes.subspan(static_cast<std::size_t>(entry.local));
    if (le(local, 0, 4) != kLocalMagic) return wrong(name, "an entry is not where the directory says");
    const auto skip = kLocalSize + static_cast<std::size_t>(le(local, 26, 2) + le(local, 28, 2));
    if (local.size() < skip || local.size() - skip < entry.packed)
      return wrong(name, "an entry is truncated");
    const ByteView packed = local.subspan(skip, static_cast<std::size_t>(entry.packed));
    Bytes content;
    if (entry.method == 0) {
      if (entry.size != entry.packed) return wrong(name, "a stored entry has two lengths");
      content.assign(packed.begin(), packed.end());
    } else if (entry.method == 8) {
      SHOGO_TRY(content, inflate_all(packed, entry.size, name));
    } else {
      return wrong(name,
                   fmt::format("entry \"{:.60}\" is packed in a way that is not read here", entry.name));
    }
    if (::crc32_z(0, content.data(), content.size()) != entry.crc)
      return wrong(name, fmt::format("entry \"{:.60}\" does not have its checksum", entry.name));
    entries.push_back({std::move(entry.name), std::move(content)});
  }
  return entries;
}

}  // namespace shogo::scores
