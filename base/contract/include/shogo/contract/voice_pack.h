// Texts as they are spoken (1-13), made by ci/voice-pack: what the reference reader says, and what a bench
// compares with what it hears. Found by the text itself, so that voice and screen cannot say different
// things. Reads a file a text, when it is asked for. One thread at a time.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/wave.h>

namespace shogo::contract {

/// Where ci/voice-pack puts them: the environment's SHOGO_VOICE, or its place in the cache.
[[nodiscard]] std::filesystem::path voice_folder();

class VoicePack {
 public:
  /// kNotFound: there is no voice (the device then has tones only, and says so). kCorrupt: voice.json cannot
  /// be understood.
  static Result<VoicePack> open(const std::filesystem::path& folder);

  /// `language`: "ja", "en", …. kNotFound: this text has never been spoken. kCorrupt: not the file that was
  /// made.
  [[nodiscard]] Result<Sound> speech(std::string_view language, std::string_view text) const;
  /// All that has been spoken in a language, in the order of bytes.
  [[nodiscard]] std::vector<std::string> texts(std::string_view language) const;
  [[nodiscard]] std::size_t size() const { return prompts_.size(); }

 private:
  struct Prompt {
    std::string file, sha256;
  };
  explicit VoicePack(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path folder_;
  std::map<std::pair<std::string, std::string>, Prompt> prompts_;  ///< by language and text
};

}  // namespace shogo::contract
