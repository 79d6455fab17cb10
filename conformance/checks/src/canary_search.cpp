#include "canary_search.h"

#include <algorithm>
#include <functional>
#include <iconv.h>
#include <set>

#include <fmt/core.h>
#include <openssl/evp.h>

namespace shogo::conformance {
namespace {

// A photo is searched by pieces: whoever logs it may begin anywhere, and a log line may cut it.
// Pieces fit into a line of any dump, and their distance shares no factor with a line's length, so that some
// piece lies within a line whatever stands before the photo.
constexpr std::size_t kPiece = 12;
constexpr std::size_t kPieceStride = 97;
constexpr std::size_t kPieceValues = 7;  // fewer different bytes (padding, zeros) would hit by chance
constexpr std::size_t kShortest = 6;     // encoded forms shorter than this would hit by chance

Bytes converted(ByteView utf8, const char* to) {
  iconv_t converter = iconv_open(to, "UTF-8");
  if (converter == reinterpret_cast<iconv_t>(-1)) return {};
  Bytes input(utf8.begin(), utf8.end());
  Bytes output(utf8.size() * 4 + 8);
  char* in = reinterpret_cast<char*>(input.data());
  char* out = reinterpret_cast<char*>(output.data());
  std::size_t in_left = input.size();
  std::size_t out_left = output.size();
  const bool fine = iconv(converter, &in, &in_left, &out, &out_left) != static_cast<std::size_t>(-1);
  iconv_close(converter);
  if (!fine) return {};
  output.resize(output.size() - out_left);
  return output;
}

Bytes bytes_of(std::string_view text) {
  const ByteView view = as_bytes(text);
  return {view.begin(), view.end()};
}

std::string lower_hex(ByteView bytes) {
  std::string text = to_hex(bytes);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  return text;
}

/// The characters of base64 that depend on nothing but `bytes` when it starts `shift` bytes into a longer
/// text.
std::string base64_core(ByteView bytes, std::size_t shift) {
  Bytes padded(shift, 0);
  append(padded, bytes);
  const std::size_t whole = padded.size() / 3 * 4;
  const std::size_t skip = shift == 0 ? 0 : shift + 1;
  std::string text = to_base64(padded).substr(0, whole);
  return text.size() > skip ? text.substr(skip) : "";
}

Bytes digest(ByteView bytes, const EVP_MD* algorithm) {
  Bytes out(EVP_MAX_MD_SIZE);
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, algorithm, nullptr) != 1) return {};
  out.resize(size);
  return out;
}

bool continues_a_character(std::uint8_t utf8) {
  return (utf8 & 0xC0U) == 0x80U;
}

/// The last character first, each one whole.
Bytes reversed_characters(ByteView utf8) {
  Bytes out;
  std::size_t end = utf8.size();
  for (std::size_t at = end; at-- > 0;) {
    if (continues_a_character(utf8[at])) continue;
    append(out, utf8.subspan(at, end - at));
    end = at;
  }
  return out;
}

std::vector<std::pair<std::string, Bytes>> disguises_of_piece(ByteView value, bool text) {
  std::vector<std::pair<std::string, Bytes>> forms;
  const auto add = [&](std::string encoding, Bytes bytes) {
    if (bytes.size() >= kShortest) forms.emplace_back(std::move(encoding), std::move(bytes));
  };
  add(text ? "UTF-8" : "raw", Bytes(value.begin(), value.end()));
  if (text) {
    add("UTF-16LE", converted(value, "UTF-16LE"));
    add("UTF-16BE", converted(value, "UTF-16BE"));
    add("CP932", converted(value, "CP932"));
    std::string url;
    std::string small_url;
    for (const std::uint8_t b : value) {
      url += fmt::format("%{:02X}", b);
      small_url += fmt::format("%{:02x}", b);
    }
    add("URL", bytes_of(url));
    add("url", bytes_of(small_url));
    add("reversed characters", reversed_characters(value));
    // Split by a newline at every character boundary.
    for (std::size_t cut = 1; cut < value.size(); ++cut) {
      if (continues_a_character(value[cut])) continue;
      for (const std::string_view newline : {"\n", "\r\n"}) {
        Bytes split(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(cut));
        append(split, as_bytes(newline));
        append(split, value.subspan(cut));
        add("split by newline", std::move(split));
      }
    }
    for (const auto& [name, algorithm] :
         {std::pair{"MD5", EVP_md5()}, {"SHA-1", EVP_sha1()}, {"SHA-256", EVP_sha256()}}) {
      const Bytes hash = digest(value, algorithm);
      add(std::string(name) + " hex", bytes_of(lower_hex(hash)));
      add(std::string(name) + " HEX", bytes_of(to_hex(hash)));
      add(std::string(name) + " base64", bytes_of(base64_core(hash, 0)));
    }
  }
  add("reversed", Bytes(value.rbegin(), value.rend()));
  add("hex", bytes_of(lower_hex(value)));
  add("HEX", bytes_of(to_hex(value)));
  for (std::size_t shift = 0; shift < 3; ++shift)
    add(fmt::format("base64 +{}", shift), bytes_of(base64_core(value, shift)));
  return forms;
}

bool is_digit(std::uint8_t b) {
  return b >= '0' && b <= '9';
}

/// Digits of one byte each, or of two with a zero in the same place: UTF-16, whose first byte tells the
/// order. At the edges of a log half a character is taken for the whole: read in the other order, UTF-16 is
/// shifted by a byte.
bool part_of_a_number(ByteView haystack, std::size_t at, ByteView form) {
  const std::size_t width = std::all_of(form.begin(), form.end(), is_digit) ? 1 : 2;
  const std::size_t digit = width == 2 && form[0] == 0 ? 1 : 0;
  const std::size_t zero = width - 1 - digit;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (i % width == digit ? !is_digit(form[i]) : form[i] != 0) return false;
  }
  const auto digit_at = [&](std::size_t shifted) {  // by one character, so that nothing is below 0
    const auto byte = [&](std::size_t place) -> int {
      const std::size_t position = shifted + place;
      return position >= width && position - width < haystack.size() ? haystack[position - width] : -1;
    };
    const int value = byte(digit);
    return value >= '0' && value <= '9' && (width == 1 || byte(zero) <= 0);
  };
  return digit_at(at) || digit_at(at + form.size() + width);
}

/// The digits from `at` on as a number; at most nine, so that it fits.
std::int64_t number_at(ByteView haystack, std::size_t at) {
  std::int64_t value = 0;
  for (std::size_t i = at; i < haystack.size() && i < at + 9 && is_digit(haystack[i]); ++i)
    value = 10 * value + (haystack[i] - '0');
  return value;
}

/// A record's running number passes every PIN and every PIN reversed once in ten thousand records. What
/// stands behind the same characters on the lines around it tells: there the number is a little less before
/// and a little more behind. The PIN itself, written down again and again, is never a little less than
/// itself.
bool running_number(ByteView haystack, std::size_t at) {
  constexpr std::size_t kLongestContext = 16;
  constexpr std::size_t kShortestContext = 3;
  constexpr std::int64_t kStep = 8;  // records that say nothing else may stand between
  std::size_t begin = at;
  while (begin > 0 && at - begin < kLongestContext && !is_digit(haystack[begin - 1])) --begin;
  const ByteView context = haystack.subspan(begin, at - begin);
  if (context.size() < kShortestContext) return false;
  const std::int64_t here = number_at(haystack, at);
  const auto head = haystack.first(begin);
  const auto before = std::find_end(head.begin(), head.end(), context.begin(), context.end());
  const auto tail = haystack.subspan(at);
  const auto behind = std::search(tail.begin(), tail.end(), context.begin(), context.end());
  if (before == head.end() && behind == tail.end()) return false;
  const auto follows = [](std::int64_t small, std::int64_t large) {
    return large > small && large - small <= kStep;
  };
  if (before != head.end()) {
    const auto place = static_cast<std::size_t>(before - head.begin()) + context.size();
    if (!follows(number_at(haystack, place), here)) return false;
  }
  if (behind != tail.end()) {
    const auto place = at + static_cast<std::size_t>(behind - tail.begin()) + context.size();
    if (!follows(here, number_at(haystack, place))) return false;
  }
  return true;
}

}  // namespace

std::vector<std::pair<std::string, Bytes>> disguises(const Canary& canary) {
  std::vector<std::pair<std::string, Bytes>> forms;
  const bool photo = canary.value.size() > 1024;
  if (!photo) {
    forms = disguises_of_piece(canary.value, true);
  } else {
    for (std::size_t at = 0; at + kPiece <= canary.value.size() && forms.size() < 4000; at += kPieceStride) {
      const ByteView part = ByteView(canary.value).subspan(at, kPiece);
      if (std::set<std::uint8_t>(part.begin(), part.end()).size() < kPieceValues) continue;
      auto piece = disguises_of_piece(part, false);
      std::move(piece.begin(), piece.end(), std::back_inserter(forms));
    }
  }
  if (canary.digits && !canary.value.empty() && canary.value.size() < kShortest) {
    // Too short for the general rule; search() accepts these only where no digit touches them.
    forms.emplace_back("UTF-8", canary.value);
    forms.emplace_back("reversed", Bytes(canary.value.rbegin(), canary.value.rend()));
    // The part of it that does not depend on its surroundings is too short, too; a value of its own is not.
    forms.emplace_back("base64 of the whole", bytes_of(to_base64(canary.value)));
  }
  return forms;
}

std::vector<CanaryHit> search(ByteView haystack, const std::vector<Canary>& canaries) {
  std::vector<CanaryHit> hits;
  for (const Canary& canary : canaries) {
    for (const auto& [encoding, form] : disguises(canary)) {
      const std::boyer_moore_horspool_searcher searcher(form.begin(), form.end());
      for (auto it = haystack.begin(); it != haystack.end();) {
        it = std::search(it, haystack.end(), searcher);
        if (it == haystack.end()) break;
        const auto at = static_cast<std::size_t>(it - haystack.begin());
        // In hex a PIN is twice as long and always stands among other digits: in the middle of a command,
        // say.
        const bool hex = encoding == "hex" || encoding == "HEX";
        const bool of_one_byte = std::all_of(form.begin(), form.end(), is_digit);
        const bool chance = canary.digits && !hex &&
                            (part_of_a_number(haystack, at, form) ||
                             (of_one_byte && form.size() < kShortest && running_number(haystack, at)));
        if (!chance) {
          hits.push_back({canary.what, encoding, at});
          break;
        }
        ++it;
      }
    }
  }
  return hits;
}

}  // namespace shogo::conformance
