// A card profile: which applications, files, PINs and keys a card has and who may do what, as data. One file
// a profile (sim/card/profiles/*.json, format "shogo-card-profile/1") names application files
// (profiles/applications/*.json) and says what is different in them. The command engine knows no file
// numbers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include <shogo/base/bytes.h>
#include <shogo/contract/rf_exchange.h>

namespace shogo::sim {

/// Who may use a file or key: everybody, nobody, or who has done one of these things.
struct AccessRule {
  enum class Kind { kFree, kNever, kAnyOf };
  Kind kind = Kind::kNever;
  std::vector<std::uint16_t> secrets;  ///< ids of PIN files of the same application, one of them shown
  bool by_holder =
      false;  ///< "holder": the holder has agreed on the phone itself (face or fingerprint there)
  bool by_terminal = false;  ///< "terminal": a certified terminal has proven itself (80 A2, 00 82)
};

struct CardFile {
  enum class Form { kTransparent, kRecords };
  std::uint16_t id = 0;
  std::string content;  ///< name under which the issuer supplies the bytes; records: a row of simple TLVs
  AccessRule read;
  Form form = Form::kTransparent;
  std::string
      source;   ///< how we know of it: "code" (public client code), "published" (public text), "synthetic"
  Bytes stray;  ///< bytes that stand in front of the content (some cards of 2023)
};

struct CardPin {
  enum class Alphabet { kDigits, kUpperCaseAndDigits };
  /// How the holder sets a new value after VERIFY: 00 24 (CHANGE REFERENCE DATA), 80 32 (CHANGE KEY) or not.
  enum class Change { kNo, kReferenceData, kKey };
  std::uint16_t id = 0;
  std::string secret;  ///< name under which the issuer supplies the value
  int tries = 0;       ///< 1 to 15; 0: no limit, wrong values get 6300
  int tries_left = 0;  ///< on the day of issue; 0: blocked from the beginning
  std::size_t min_length = 1;
  std::size_t max_length = 16;
  Alphabet alphabet = Alphabet::kDigits;
  Change change = Change::kNo;
  std::string source;
  std::vector<std::uint16_t> reset_by;  ///< PIN files, one of them shown: 00 2C fills the counter (PUK)
};

struct CardKey {
  enum class Purpose { kSign, kInternalAuthenticate };
  std::uint16_t id = 0;
  std::string key;  ///< name under which the issuer supplies the key pair
  AccessRule use;
  Purpose purpose = Purpose::kSign;
  std::string source;
  bool is_default = false;  ///< the one that P2=00 means
};

/// Encrypted commands after 80 AE, SET SESSION KEY (secure_messaging.h).
struct SecureMessagingRule {
  std::string key;  ///< name of the key pair to whose public half the session key is encrypted
  AccessRule open;
};

/// A command that always gets the same status word.
struct FixedAnswer {
  std::uint8_t cla = 0;
  std::uint8_t ins = 0;
  std::uint16_t sw = 0;
};

struct CardApplication {
  std::string name;
  Bytes aid;
  std::vector<CardFile> files;
  std::vector<CardPin> pins;
  std::vector<CardKey> keys;
  std::optional<SecureMessagingRule> secure_messaging;
  /// Name of the file that holds id and key of who certifies terminals; empty: no way without PIN.
  std::string terminal_certifier;
  std::vector<FixedAnswer> fixed_answers;  ///< while it is selected
};

/// Answers GET DATA.
struct DataObject {
  std::uint16_t tag = 0;
  std::string content;
  std::string source;
  bool everywhere = false;  ///< also while an application is selected
};

/// What an issuer has to know beyond files and rules.
struct IssueRules {
  /// Of a certificate on the day of issue; absent: the card has neither certificate nor its key's use.
  enum class CertificateState { kValid, kExpiring, kGrace, kExpired, kNotYetValid, kRevoked, kAbsent };
  enum class Holder { kAdult, kChild, kForeign };
  enum class Algorithm { kRsa2048, kP384 };
  CertificateState user_authentication = CertificateState::kValid;
  CertificateState signature = CertificateState::kValid;
  Holder holder = Holder::kAdult;
  Algorithm algorithm = Algorithm::kRsa2048;
  std::string token_label = "JPKIAPICCTOKEN2";
};

struct CardProfile {
  std::string name;
  std::string about;    ///< one line for people
  contract::Atqb atqb;  ///< without the PUPI, which belongs to the single card
  Bytes issuer_domain;  ///< selecting it returns to the state after power-on; empty: the card has none
  std::vector<CardApplication> applications;
  std::vector<DataObject> data_objects;
  std::vector<FixedAnswer> fixed_answers;  ///< whatever is selected
  bool garbage = false;                    ///< every answer is noise
  bool type_b = true;                      ///< "radio": "felica" is not: no Type B reader ever sees it
  IssueRules issue;
};

[[nodiscard]] std::string_view to_string(IssueRules::CertificateState state);

/// `text` with every application file put in and every change made: one document that stands alone.
/// Application files are looked for in `folder`/applications first (unless empty), then among the built-in
/// ones.
[[nodiscard]] Result<boost::json::value> resolve_card_profile(std::string_view text, std::string_view where,
                                                              const std::filesystem::path& folder = {});
/// Reads a resolved document. Errors name `where`, the place in it and what was expected.
[[nodiscard]] Result<CardProfile> read_card_profile(const boost::json::value& resolved,
                                                    std::string_view where);

/// Both steps at once.
[[nodiscard]] Result<CardProfile> parse_card_profile(std::string_view text, std::string_view where);
/// The resolved document of a built-in profile ("standard"), or of a profile file when `name` has a slash or
/// ends in .json.
[[nodiscard]] Result<boost::json::value> find_card_profile(const std::string& name);
[[nodiscard]] Result<CardProfile> builtin_card_profile(std::string_view name);
/// Names of all built-in profiles, "standard" first.
[[nodiscard]] std::vector<std::string> builtin_card_profiles();

}  // namespace shogo::sim
