// Issues virtual cards to synthetic people: certificates from the test hierarchy, face data signed by a
// synthetic data signer, PINs as ordered. Same order, same seed = same card, byte for byte.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <boost/json/value.hpp>

#include <shogo/base/image.h>
#include <shogo/sim/number_b.h>
#include <shogo/sim/test_pki.h>
#include <shogo/sim/virtual_card.h>

namespace shogo::sim {

/// A synthetic person as a card sees one.
struct CardPerson {
  std::string key;         ///< names the person's random streams ("p1"); unique within a seed
  std::string name;        ///< UTF-8
  std::string address;     ///< UTF-8
  std::string birth_date;  ///< YYYYMMDD
  char sex = '0';          ///< 1 male, 2 female, 9 not applicable, 0 unknown
  BirthCalendar birth_calendar = BirthCalendar::kEra;
};

struct CardOrder {
  CardPerson person;
  Secret auth_pin;            ///< 4 digits; also the PIN of the text, common and resident applications
  Secret signature_password;  ///< 6 to 16 of A-Z and 0-9
  std::string expiry_date;    ///< YYYYMMDD, of the card
  std::string security_code;  ///< 4 digits
  std::uint64_t serial = 1;   ///< user authentication certificate; the signature certificate takes serial + 1
  /// Of both certificates. Without it the profile's states ("expired") say, seen from `today`.
  std::optional<Validity> certificate_validity;
  Nanoseconds today{};               ///< civil time, as Clock::wall_now()
  std::optional<Image> photo;        ///< grey portrait; without one a drawn face is made
  std::string profile = "standard";  ///< a built-in name, or a path
};

/// A card that is written but not running: what a card file holds.
struct PreparedCard {
  boost::json::value profile;  ///< resolved
  CardContents contents;
  std::string certificate_serial;  ///< of the user authentication certificate, hex; empty without one
  std::string signature_serial;
  Secret number_b;
  Bytes photo;  ///< the JPEG 2000 file in the chip; empty for a card without
};

struct IssuedCard {
  std::unique_ptr<VirtualCard> card;
  std::string certificate_serial;
  Secret number_b;
  Bytes photo;
};

/// Holds the keys that sign card data. `pki` must outlive it; its functions may be called from any thread.
class CardIssuer {
 public:
  static Result<CardIssuer> create(const TestPki& pki);
  [[nodiscard]] Result<PreparedCard> prepare(const CardOrder& order) const;
  [[nodiscard]] Result<IssuedCard> issue(const CardOrder& order) const;
  /// Key and certificate of the bench's one terminal for cards without PIN, in PEM: "PRIVATE KEY", then
  /// "SHOGO TERMINAL CERTIFICATE" (*synthetic*: docs/cards.md).
  [[nodiscard]] Result<std::string> terminal_pem() const;
  /// Signs the face data (visual application, 0004 certifies it).
  [[nodiscard]] const KeyPair& data_signer() const { return data_signer_; }

 private:
  CardIssuer(const TestPki& pki, KeyPair root, KeyPair intermediate, KeyPair data_signer, KeyPair terminal_ca)
      : pki_(&pki),
        root_(std::move(root)),
        intermediate_(std::move(intermediate)),
        data_signer_(std::move(data_signer)),
        terminal_ca_(std::move(terminal_ca)) {}
  Result<void> sign_chains();
  Result<void> write_certificates(const CardOrder& order, const IssueRules& rules, PreparedCard& card) const;
  Result<void> write_visual(const CardOrder& order, bool with_face, PreparedCard& card) const;
  Result<void> write_text(const CardOrder& order, PreparedCard& card) const;
  Result<void> write_card_level(const CardOrder& order, PreparedCard& card) const;
  const TestPki* pki_;
  KeyPair root_;
  KeyPair intermediate_;
  KeyPair data_signer_;
  KeyPair terminal_ca_;
  /// Card-verifiable certificates that are the same on every card: signed once.
  Bytes visual_signer_certificate_, text_signer_certificate_, upper_chain_, lower_chain_;
};

/// The card of `shogo card serve` and of tests: one fixed synthetic person, auth PIN 1234, signature password
/// SHOGO1234 (both public: they protect nothing).
[[nodiscard]] CardOrder standard_card_order();

/// A synthetic person who fits the profile, invented from the seed, with PIN 1234 and password SHOGO1234.
/// Among the names are those that trouble programs: variant characters, four-byte characters, variation
/// selectors, long foreign names.
[[nodiscard]] Result<CardOrder> order_for(const std::string& profile, std::uint64_t seed, Nanoseconds today);

/// An 8-bit grey JPEG 2000 file (JP2 box) of close to `bytes` bytes; the chip photo format.
[[nodiscard]] Result<Bytes> encode_chip_photo(const Image& grey, std::size_t bytes);

}  // namespace shogo::sim
