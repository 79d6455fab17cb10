// phrase_margins [--longest SECONDS]
//
// The margins behind kSamePhrase (docs/sound-measurement.md), measured anew: every short phrase of the voice
// pack is looked for in its own recording, made softer and shifted, and in the recordings of all others of
// its language. Prints two rows of the table for each language: texts that differ in a number alone, and all
// other pairs; and, to stderr, which pairs are taken for each other. A phrase whose words are a part of
// another's is rightly found in it and does not count.
//
// Exit: 0 measured; 1 a phrase is not found in its own recording; 2 usage, or no voice pack.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>
#include <shogo/contract/voice_pack.h>
#include <shogo/sound/phrase.h>

namespace {

using namespace shogo;
using namespace shogo::sound;

constexpr std::uint32_t kRate = 16'000;
constexpr double kSofter = 0.5;  // 6 dB
constexpr double kShift_s = 1.0 / 3;
constexpr double kLongest_s = 2;

struct Phrase {
  std::string text;
  Spectrogram sought, said;  ///< as it is looked for; as it may be heard
};

/// Half as loud, and a third of a second later: neither its level nor its frames are those of the recording.
Sound as_heard(const Sound& sound) {
  Sound heard{sound.rate, std::vector<std::int16_t>(static_cast<std::size_t>(kShift_s * sound.rate))};
  for (const std::int16_t sample : sound.samples)
    heard.samples.push_back(static_cast<std::int16_t>(kSofter * sample));
  heard.samples.resize(heard.samples.size() + heard.rate / 10);
  return heard;
}

Result<std::map<std::string, std::vector<Phrase>>> short_phrases(double longest_s) {
  const auto folder = contract::voice_folder();
  SHOGO_TRY(const contract::VoicePack pack, contract::VoicePack::open(folder));
  SHOGO_TRY(const boost::json::value index, load_json(folder / "voice.json"));
  SHOGO_TRY(const JsonObject object, JsonObject::of(index, "voice.json"));
  SHOGO_TRY(const auto prompts, object.objects("prompts"));
  std::map<std::string, std::vector<Phrase>> all;
  for (const JsonObject& prompt : prompts) {
    SHOGO_TRY(const std::string language, prompt.string("language"));
    SHOGO_TRY(const std::string text, prompt.string("text"));
    SHOGO_TRY(const Sound speech, pack.speech(language, text));
    if (std::chrono::duration<double>(speech.length()).count() > longest_s) continue;
    const Sound sound = resampled(speech, kRate);
    all[language].push_back({text, Spectrogram(sound, true), Spectrogram(as_heard(sound))});
  }
  return all;
}

/// In lower case, digits as they are said: "4けた" has "よん" in it.
std::string as_words(const std::string& language, const std::string& text) {
  static const std::map<std::string, std::vector<std::string>> kDigits{
      {"ja", {"ゼロ", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう"}},
      {"en", {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}}};
  const auto names = kDigits.find(language);
  std::string words;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (digit && names != kDigits.end())
      words += names->second[static_cast<std::size_t>(c - '0')];
    else
      words += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return words;
}

std::string without_numbers(const std::string& text) {
  std::string rest;
  for (const char c : text)
    if (c < '0' || c > '9') rest += c;
  return rest;
}

struct Pair {
  double distance = 1;
  std::string text;
  bool told_apart = true;  ///< looking for what was not said, what was said is seen to fit better
  bool mistaken = false;   ///< looking for what was said, the other seems to fit better (fits_better)
};

void print_row(const std::string& language, std::string_view which, std::size_t phrases, double own,
               std::vector<Pair> pairs) {
  if (pairs.empty()) return;
  std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.distance < b.distance; });
  const auto near = std::count_if(pairs.begin(), pairs.end(),
                                  [](const Pair& pair) { return pair.distance <= kSamePhrase; });
  fmt::print("| {} | {} | {:.3f} | {} | {} | {:.3f} | {:.3f} | {:.2f} | {} | {} | {} |\n", language, phrases,
             own, which, pairs.size(), pairs.front().distance, pairs[pairs.size() / 100].distance,
             pairs[pairs.size() / 2].distance, near,
             std::count_if(pairs.begin(), pairs.end(), [](const Pair& pair) { return !pair.told_apart; }),
             std::count_if(pairs.begin(), pairs.end(), [](const Pair& pair) { return pair.mistaken; }));
  for (std::size_t i = 0; i < static_cast<std::size_t>(near); ++i)
    fmt::print(stderr, "{} {:.3f} {}{}\n", language, pairs[i].distance, pairs[i].text,
               pairs[i].told_apart ? "" : " (not told apart)");
}

/// False when a phrase is not found in its own recording.
bool print_rows(const std::string& language, const std::vector<Phrase>& phrases) {
  double own = 0;
  std::vector<Pair> numbers, others;
  for (const Phrase& sought : phrases) {
    const std::string words = as_words(language, sought.text);
    for (const Phrase& said : phrases) {
      const Match match = find_phrase(said.said, sought.sought);
      const double distance = match.distance;
      Pair pair{distance, fmt::format("\"{}\" in \"{}\"", sought.text, said.text)};
      if (distance <= kSamePhrase && &sought != &said)
        pair.told_apart = fits_better(said.said, match, said.sought);
      if (&sought != &said)
        pair.mistaken = fits_better(said.said, find_phrase(said.said, said.sought), sought.sought);
      if (&sought == &said)
        own = std::max(own, distance);
      else if (as_words(language, said.text).find(words) != std::string::npos)
        continue;
      else if (without_numbers(said.text) == without_numbers(sought.text))
        numbers.push_back(std::move(pair));
      else
        others.push_back(std::move(pair));
    }
  }
  print_row(language, "a number alone differs", phrases.size(), own, std::move(numbers));
  print_row(language, "all others", phrases.size(), own, std::move(others));
  return own <= kSamePhrase;
}

}  // namespace

int main(int argc, char** argv) {
  double longest_s = kLongest_s;
  const bool given = argc == 3 && std::strcmp(argv[1], "--longest") == 0;
  if (given) longest_s = std::atof(argv[2]);
  if ((argc != 1 && !given) || longest_s <= 0) {
    fmt::print(stderr, "usage: phrase_margins [--longest SECONDS]   phrases up to so long (default {:g})\n",
               kLongest_s);
    return 2;
  }
  const auto phrases = short_phrases(longest_s);
  if (!phrases.ok()) {
    fmt::print(stderr, "phrase_margins: {}\n", phrases.error().describe());
    return 2;
  }
  fmt::print("Phrases up to {:g} s; counts as heard up to {:g}.\n\n", longest_s, kSamePhrase);
  fmt::print(
      "| | phrases | own, at most | pairs | | nearest | 1 % below | middle | taken for another | also where "
      "the nearest counts |\n");
  fmt::print("|---|---|---|---|---|---|---|---|---|---|---|\n");
  bool found = true;
  for (const auto& [language, of_it] : *phrases) found = print_rows(language, of_it) && found;
  return found ? 0 : 1;
}
