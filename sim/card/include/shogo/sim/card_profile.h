// A card profile: which applications, files, PINs and keys a card has and who may do what, as data
// (sim/card/profiles/*.json, format "shogo-card-profile/1"). The command engine knows no file numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <shogo/base/bytes.h>
#include <shogo/contract/rf_exchange.h>

namespace shogo::sim {

/// Who may use a file or key: everybody, nobody, or who has shown one of these secrets.
struct AccessRule {
  enum class Kind { kFree, kNever, kAnyOf };
  Kind kind = Kind::kNever;
  std::vector<std::uint16_t> secrets;  ///< ids of PIN files of the same application
};

struct CardFile {
  std::uint16_t id = 0;
  std::string content;  ///< name under which the issuer supplies the bytes
  AccessRule read;
};

struct CardPin {
  enum class Alphabet { kDigits, kUpperCaseAndDigits };
  std::uint16_t id = 0;
  std::string secret;  ///< name under which the issuer supplies the value
  int tries = 0;
  std::size_t min_length = 1;
  std::size_t max_length = 16;
  Alphabet alphabet = Alphabet::kDigits;
  bool changeable = false;
};

struct CardKey {
  std::uint16_t id = 0;
  std::string key;  ///< name under which the issuer supplies the key pair
  AccessRule use;
  bool is_default = false;  ///< the one that P2=00 means
};

struct CardApplication {
  std::string name;
  Bytes aid;
  std::vector<CardFile> files;
  std::vector<CardPin> pins;
  std::vector<CardKey> keys;
};

/// A command that always gets the same status word, whatever is selected.
struct FixedAnswer {
  std::uint8_t cla = 0;
  std::uint8_t ins = 0;
  std::uint16_t sw = 0;
};

struct CardProfile {
  std::string name;
  contract::Atqb atqb;  ///< without the PUPI, which belongs to the single card
  Bytes issuer_domain;  ///< selecting it returns to the state after power-on
  std::vector<CardApplication> applications;
  std::vector<FixedAnswer> fixed_answers;
};

[[nodiscard]] Result<CardProfile> parse_card_profile(std::string_view text, std::string_view where);
/// "standard": the plastic My Number card with number B, the only built-in profile so far.
[[nodiscard]] Result<CardProfile> builtin_card_profile(std::string_view name);

}  // namespace shogo::sim
