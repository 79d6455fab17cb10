#include "ui/line_break.h"

namespace shogo::reader {
namespace {

constexpr std::u32string_view kNotAtStart =
    U"、。，．・：；？！）」』】〉》〕］｝ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々”’…,.:;?!)]}%％";
constexpr std::u32string_view kNotAtEnd = U"（「『【〈《〔［｛“‘([{";

bool is_word(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '\'' || c == '-';
}

/// Syllables and letters of Hangul.
bool is_hangul(char32_t c) {
  return (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0x1100 && c <= 0x11FF) || (c >= 0x3130 && c <= 0x318F);
}

bool may_break(char32_t before, char32_t after) {
  if (kNotAtStart.find(after) != std::u32string_view::npos ||
      kNotAtEnd.find(before) != std::u32string_view::npos)
    return false;
  if (is_word(before) && is_word(after)) return false;
  // A Korean word keeps its particle, its number and its brackets.
  if (is_hangul(before) || is_hangul(after)) return before == ' ';
  // In Latin text a line ends at a blank, not before it.
  if (before < 0x80 && after < 0x80) return before == ' ';
  return after != ' ';
}

std::u32string trimmed(std::u32string line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

}  // namespace

std::vector<std::string> break_lines(std::string_view utf8, const Font& font, double width) {
  std::vector<std::string> lines;
  std::u32string line;
  const auto flush = [&](std::size_t count) {
    lines.push_back(encode_utf8(trimmed(line.substr(0, count))));
    line.erase(0, count);
    while (!line.empty() && line.front() == ' ') line.erase(0, 1);
  };
  for (const char32_t c : decode_utf8(utf8)) {
    if (c == '\n') {
      flush(line.size());
      continue;
    }
    line.push_back(c);
    while (line.size() > 1 && font.width(encode_utf8(trimmed(line))) > width) {
      std::size_t cut = line.size() - 1;
      while (cut > 0 && !may_break(line[cut - 1], line[cut])) --cut;
      flush(cut == 0 ? line.size() - 1 : cut);
    }
  }
  flush(line.size());
  return lines;
}

std::vector<std::string> balanced_lines(std::string_view utf8, const Font& font, double width) {
  std::vector<std::string> best = break_lines(utf8, font, width);
  if (best.size() < 2) return best;
  constexpr int kSteps = 5;  // to a thirtieth of the line: finer than a character
  double low = width / 2;
  double high = width;
  for (int i = 0; i < kSteps; ++i) {
    const double middle = (low + high) / 2;
    auto lines = break_lines(utf8, font, middle);
    if (lines.size() == best.size()) {
      best = std::move(lines);
      high = middle;
    } else {
      low = middle;
    }
  }
  return best;
}

}  // namespace shogo::reader
