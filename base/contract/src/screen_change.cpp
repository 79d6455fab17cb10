#include <algorithm>
#include <cstring>

#include <fmt/core.h>

#include <shogo/contract/device_protocol.h>
#include <shogo/contract/screen_change.h>

namespace shogo::contract {
namespace {

constexpr std::size_t kHeaderSize = 36;
constexpr std::size_t kPixel = 3;
constexpr std::size_t kLongestRun = 0x8000;
/// Shorter repetitions cost less among the pixels that are told one by one.
constexpr std::size_t kShortestRepeat = 3;

struct Part {
  std::size_t x = 0, y = 0, w = 0, h = 0;
};

void append_le(Bytes& out, std::uint64_t value, int octets) {
  for (int i = 0; i < octets; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::uint64_t read_le(ByteView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

/// How many pixels from `first` on have its colour; eight bytes at a time, for a screen is mostly ground.
std::size_t repeats_of(const std::uint8_t* first, const std::uint8_t* end) {
  const std::uint8_t* p = first;
  while (end - p >= 11) {
    std::uint64_t here = 0;
    std::uint64_t next = 0;
    std::memcpy(&here, p, sizeof here);
    std::memcpy(&next, p + kPixel, sizeof next);
    if (here != next) break;
    p += sizeof here;
  }
  while (end - p > static_cast<std::ptrdiff_t>(kPixel) && p[0] == p[kPixel]) ++p;
  return static_cast<std::size_t>(p - first) / kPixel + 1;
}

void append_runs(Bytes& out, ByteView pixels) {
  const std::uint8_t* const end = pixels.data() + pixels.size();
  const std::uint8_t* told = pixels.data();  // pixels before this one are in `out`
  const auto tell = [&](const std::uint8_t* until) {
    while (told < until) {
      const std::size_t n = std::min(static_cast<std::size_t>(until - told) / kPixel, kLongestRun);
      append_le(out, n - 1, 2);
      append(out, {told, n * kPixel});
      told += n * kPixel;
    }
  };
  for (const std::uint8_t* p = pixels.data(); p < end;) {
    std::size_t repeats = repeats_of(p, end);
    if (repeats < kShortestRepeat) {
      p += repeats * kPixel;
      continue;
    }
    tell(p);
    p += repeats * kPixel;
    for (; repeats > 0; repeats -= std::min(repeats, kLongestRun)) {
      append_le(out, kLongestRun + std::min(repeats, kLongestRun) - 1, 2);
      append(out, {told, kPixel});
    }
    told = p;
  }
  tell(end);
}

Bytes encode(const Image& now, std::uint64_t base, const Part& part) {
  Bytes out;
  out.reserve(kHeaderSize + part.w * part.h / 2);
  append_le(out, static_cast<std::uint32_t>(now.width), 4);
  append_le(out, static_cast<std::uint32_t>(now.height), 4);
  append_le(out, kScreenChange, 4);
  append_le(out, base, 8);
  for (const std::size_t value : {part.x, part.y, part.w, part.h}) append_le(out, value, 4);
  const std::size_t stride = static_cast<std::size_t>(now.width) * kPixel;
  if (part.w * kPixel == stride) {
    append_runs(out, ByteView(now.pixels).subspan(part.y * stride, part.h * stride));
    return out;
  }
  Bytes cut;  // without the rest of the rows, so that runs go over their ends
  cut.reserve(part.w * part.h * kPixel);
  for (std::size_t row = 0; row < part.h; ++row)
    append(cut, ByteView(now.pixels).subspan((part.y + row) * stride + part.x * kPixel, part.w * kPixel));
  append_runs(out, cut);
  return out;
}

/// The smallest rectangle outside which the two are equal; w and h 0 when they are equal everywhere.
Part difference(const Image& a, const Image& b) {
  const auto height = static_cast<std::size_t>(a.height);
  const std::size_t stride = static_cast<std::size_t>(a.width) * kPixel;
  const auto same = [&](std::size_t row) {
    return std::memcmp(&a.pixels[row * stride], &b.pixels[row * stride], stride) == 0;
  };
  std::size_t top = 0;
  while (top < height && same(top)) ++top;
  if (top == height) return {};
  std::size_t bottom = height;
  while (same(bottom - 1)) --bottom;
  std::size_t left = stride;
  std::size_t right = 0;
  for (std::size_t row = top; row < bottom; ++row) {
    const std::uint8_t* p = &a.pixels[row * stride];
    const std::uint8_t* q = &b.pixels[row * stride];
    left = static_cast<std::size_t>(std::mismatch(p, p + left, q).first - p);
    while (right < stride && std::memcmp(p + right, q + right, stride - right) != 0) {
      std::size_t last = stride;
      while (p[last - 1] == q[last - 1]) --last;
      right = last;
    }
  }
  const std::size_t x = left / kPixel;
  return {x, top, (right + kPixel - 1) / kPixel - x, bottom - top};
}

Error invalid(std::string message) {
  return Error{Code::kInvalid, std::move(message)};
}

bool is_change(ByteView payload) {
  return payload.size() >= kHeaderSize && read_le(payload.subspan(8, 4)) == kScreenChange;
}

Result<void> read_runs(ByteView runs, Bytes& pixels) {
  std::size_t filled = 0;
  while (filled < pixels.size()) {
    if (runs.size() < 2) return invalid("the runs of a screen change end before its rectangle is full");
    const std::size_t word = read_le(runs.first(2));
    const bool repeat = word >= kLongestRun;
    const std::size_t bytes = (word % kLongestRun + 1) * kPixel;
    const std::size_t told = repeat ? kPixel : bytes;
    runs = runs.subspan(2);
    if (bytes > pixels.size() - filled)
      return invalid("a run of a screen change goes beyond the end of its rectangle");
    if (told > runs.size()) return invalid("a run of a screen change is cut off");
    std::memcpy(&pixels[filled], runs.data(), told);
    // What is there already doubles until the run is full.
    for (std::size_t done = told; done < bytes;) {
      const std::size_t n = std::min(done, bytes - done);
      std::memcpy(&pixels[filled + done], &pixels[filled], n);
      done += n;
    }
    filled += bytes;
    runs = runs.subspan(told);
  }
  if (!runs.empty()) return invalid("a screen change goes on after its rectangle is full");
  return {};
}

}  // namespace

Bytes encode_screen_runs(const Image& now) {
  return encode(now, 0, {0, 0, static_cast<std::size_t>(now.width), static_cast<std::size_t>(now.height)});
}

std::optional<Bytes> encode_screen_change(const Image& now, const Image& before, std::uint64_t base) {
  const Part part = difference(now, before);
  if (part.w == 0) return std::nullopt;
  return encode(now, base, part);
}

std::uint64_t screen_base(ByteView payload) {
  return is_change(payload) ? read_le(payload.subspan(12, 8)) : 0;
}

Result<void> ScreenDecoder::take(ByteView payload, std::uint64_t seq) {
  if (!is_change(payload)) {
    SHOGO_TRY(screen_, parse_screen_payload(payload));
    seq_ = seq;
    return {};
  }
  const std::uint64_t width = read_le(payload.subspan(0, 4));
  const std::uint64_t height = read_le(payload.subspan(4, 4));
  const std::uint64_t base = screen_base(payload);
  const Part part{read_le(payload.subspan(20, 4)), read_le(payload.subspan(24, 4)),
                  read_le(payload.subspan(28, 4)), read_le(payload.subspan(32, 4))};
  if (width == 0 || height == 0 || width > 16384 || height > 16384)
    return invalid(fmt::format("screen of {} x {} pixels; expected 1 to 16384 each", width, height));
  if (part.w == 0 || part.h == 0 || part.x + part.w > width || part.y + part.h > height)
    return invalid(fmt::format("screen change of {} x {} pixels at {}, {}: not inside {} x {}", part.w,
                               part.h, part.x, part.y, width, height));
  const bool whole = part.w == width && part.h == height;
  if (base == 0 && !whole) return invalid("a screen change that lies on no frame must cover the whole panel");
  if (base != 0 && (base != seq_ || width != static_cast<std::uint64_t>(screen_.width) ||
                    height != static_cast<std::uint64_t>(screen_.height)))
    return Error{Code::kConflict,
                 fmt::format("screen frame {} lies on frame {} of {} x {}; the last one seen "
                             "is {} of {} x {}",
                             seq, base, width, height, seq_, screen_.width, screen_.height)};
  // A run can be no larger than what it fills, and the rectangle no larger than 16384 pixels square: but
  // memory is spent only on what the payload can pay for.
  if (part.w * part.h > (payload.size() - kHeaderSize) / (2 + kPixel) * kLongestRun)
    return invalid("a screen change is too short for its rectangle");
  Bytes pixels(part.w * part.h * kPixel);
  SHOGO_CHECK_OK(read_runs(payload.subspan(kHeaderSize), pixels));
  if (whole) {
    screen_ = Image{static_cast<int>(width), static_cast<int>(height), 3, std::move(pixels)};
  } else {
    for (std::size_t row = 0; row < part.h; ++row)
      std::memcpy(&screen_.pixels[((part.y + row) * width + part.x) * kPixel], &pixels[row * part.w * kPixel],
                  part.w * kPixel);
  }
  seq_ = seq;
  return {};
}

}  // namespace shogo::contract
