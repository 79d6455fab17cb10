#include <algorithm>
#include <bit>

#include <fmt/core.h>

#include <shogo/base/wave.h>

namespace shogo {
namespace {

static_assert(std::endian::native == std::endian::little, "samples are copied as they lie");

constexpr std::size_t kFormatSize = 16;

std::uint32_t little(ByteView bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value |= std::uint32_t{bytes[at + i]} << (8 * i);
  return value;
}

void put(Bytes& to, std::uint32_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

Error broken(std::string_view what) {
  return Error{Code::kInvalid, fmt::format("not a WAV file we can use: {}", what)};
}

Result<std::uint32_t> rate_of(ByteView format) {
  if (format.size() < kFormatSize) return broken("its format chunk is too short");
  const auto coding = little(format, 0, 2), channels = little(format, 2, 2), rate = little(format, 4, 4),
             bits = little(format, 14, 2);
  if (coding != 1 || channels != 1 || bits != 16)
    return broken(
        fmt::format("linear PCM, one channel, 16 bits expected; coding {}, {} channels, {} bits came", coding,
                    channels, bits));
  if (rate < 8'000 || rate > 96'000)
    return broken(fmt::format("8000 to 96000 samples a second expected, {} came", rate));
  return rate;
}

}  // namespace

Nanoseconds Sound::length() const {
  return Nanoseconds(static_cast<std::int64_t>(samples.size()) * 1'000'000'000 / rate);
}

std::size_t Sound::index(Nanoseconds at) const {
  const double place = std::max(0.0, std::chrono::duration<double>(at).count() * rate);
  return std::min(samples.size(), static_cast<std::size_t>(place));
}

Result<Sound> read_wave(ByteView bytes) {
  constexpr std::size_t kHeader = 12, kChunk = 8;
  if (bytes.size() < kHeader || as_text(bytes.first(4)) != "RIFF" || as_text(bytes.subspan(8, 4)) != "WAVE")
    return broken("it does not begin with RIFF and WAVE");
  Sound sound;
  sound.rate = 0;
  for (std::size_t at = kHeader; at + kChunk <= bytes.size();) {
    const std::string_view name = as_text(bytes.subspan(at, 4));
    const std::size_t size = little(bytes, at + 4, 4);
    at += kChunk;
    if (size > bytes.size() - at) return broken("a chunk goes on behind its end");
    const ByteView chunk = bytes.subspan(at, size);
    if (name == "fmt ") {
      SHOGO_TRY(sound.rate, rate_of(chunk));
    } else if (name == "data") {
      if (sound.rate == 0) return broken("its samples come before their format");
      if (size % 2 != 0) return broken("half a sample at its end");
      for (std::size_t i = 0; i < size; i += 2)
        sound.samples.push_back(static_cast<std::int16_t>(little(chunk, i, 2)));
      return sound;
    }
    at += size + size % 2;
    if (at > bytes.size()) break;
  }
  return broken("it has no samples");
}

Bytes write_wave(const Sound& sound) {
  const auto size = static_cast<std::uint32_t>(sound.samples.size() * 2);
  Bytes bytes;
  append(bytes, as_bytes("RIFF"));
  put(bytes, 36 + size, 4);
  append(bytes, as_bytes("WAVEfmt "));
  put(bytes, kFormatSize, 4);
  put(bytes, 1, 2);
  put(bytes, 1, 2);
  put(bytes, sound.rate, 4);
  put(bytes, sound.rate * 2, 4);
  put(bytes, 2, 2);
  put(bytes, 16, 2);
  append(bytes, as_bytes("data"));
  put(bytes, size, 4);
  const auto* begin = reinterpret_cast<const std::uint8_t*>(sound.samples.data());
  append(bytes, {begin, size});
  return bytes;
}

}  // namespace shogo
