#include "card_objects.h"
#include "drawing.h"
#include "face_data.h"
#include "text_data.h"
#include "text_drawing.h"
#include <set>

#include <fmt/core.h>

#include <shogo/base/tlv.h>
#include <shogo/sim/card_issuer.h>

namespace shogo::sim {
namespace {

constexpr std::size_t kPhotoBytes = 18 * 1024;
constexpr const char* kTerminalCaId = "040";
constexpr const char* kMunicipality = "99999";  // no municipality has this code
/// A card's contact interface, without the TS byte (public ATR list).
constexpr const char* kContactAtr = "DA13FF8131FB46801239 2F31C173C601C03B";

Secret copy(const Secret& secret) {
  Secret out(secret.size());
  for (const std::uint8_t byte : secret.expose()) out.push_back(byte);
  return out;
}

Secret secret_of(std::string text) {
  return Secret::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
}

Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

/// Twelve digits that nobody can have as 個人番号: the check digit is wrong on purpose.
std::string impossible_my_number(Rng& rng) {
  std::string digits;
  int sum = 0;
  for (int i = 0; i < 11; ++i) {
    const int digit = static_cast<int>(rng.below(10));
    digits += static_cast<char>('0' + digit);
    const int n = 11 - i;  // counted from the right, as the check digit's rule does
    sum += digit * (n <= 6 ? n + 1 : n - 5);
  }
  const int remainder = sum % 11;
  const int check = remainder <= 1 ? 0 : 11 - remainder;
  digits += static_cast<char>('0' + (check + 1) % 10);
  return digits;
}

Validity validity_of(const CardOrder& order, IssueRules::CertificateState state) {
  if (order.certificate_validity) return *order.certificate_validity;
  constexpr auto day = std::chrono::hours(24);
  const auto from_today = [&](int begin, int end) {
    return Validity{order.today + day * begin, order.today + day * end};
  };
  using State = IssueRules::CertificateState;
  switch (state) {
    case State::kExpiring:  // within the last three months before the end
      return from_today(-1766, 60);
    case State::kGrace:  // ended within the last three months
      return from_today(-1856, -30);
    case State::kExpired:
      return from_today(-2026, -200);
    case State::kNotYetValid:
      return from_today(30, 1856);
    case State::kValid:
    case State::kRevoked:
    case State::kAbsent:
      break;
  }
  return from_today(-400, 1426);
}

Result<Bytes> text_png(const std::string& utf8, int width, int height, int most_px) {
  SHOGO_TRY(const Image image, draw_text(utf8, width, height, most_px));
  return encode_bilevel_png(image);
}

std::set<std::string> wanted_files(const CardProfile& profile) {
  std::set<std::string> names;
  for (const CardApplication& application : profile.applications)
    for (const CardFile& file : application.files) names.insert(file.content);
  return names;
}

}  // namespace

Result<CardIssuer> CardIssuer::create(const TestPki& pki) {
  Rng root_rng(pki.seed(), "card.data_root"), intermediate_rng(pki.seed(), "card.data_intermediate"),
      signer_rng(pki.seed(), "card.data_signer"), terminal_rng(pki.seed(), "card.terminal_ca");
  SHOGO_TRY(KeyPair root, KeyPair::rsa(root_rng));
  SHOGO_TRY(KeyPair intermediate, KeyPair::rsa(intermediate_rng));
  SHOGO_TRY(KeyPair signer, KeyPair::rsa(signer_rng));
  SHOGO_TRY(KeyPair terminal_ca, KeyPair::rsa(terminal_rng));
  CardIssuer issuer(pki, std::move(root), std::move(intermediate), std::move(signer), std::move(terminal_ca));
  SHOGO_CHECK_OK(issuer.sign_chains());
  return issuer;
}

Result<void> CardIssuer::sign_chains() {
  SHOGO_TRY(visual_signer_certificate_, card_verifiable("000", root_, "001", data_signer_));
  SHOGO_TRY(text_signer_certificate_, card_verifiable("000", root_, "021", data_signer_));
  SHOGO_TRY(upper_chain_, card_verifiable("000", root_, "010", intermediate_));
  SHOGO_TRY(lower_chain_, card_verifiable("010", intermediate_, "011", data_signer_));
  return {};
}

Result<std::string> CardIssuer::terminal_pem() const {
  Rng rng(pki_->seed(), "card.terminal");
  SHOGO_TRY(const KeyPair terminal, KeyPair::rsa(rng));
  SHOGO_TRY(const Bytes certificate, card_verifiable(kTerminalCaId, terminal_ca_, "041", terminal));
  const std::string base64 = to_base64(certificate);
  std::string pem = terminal.private_pem() + "-----BEGIN SHOGO TERMINAL CERTIFICATE-----\n";
  for (std::size_t at = 0; at < base64.size(); at += 64) pem += base64.substr(at, 64) + "\n";
  return pem + "-----END SHOGO TERMINAL CERTIFICATE-----\n";
}

Result<void> CardIssuer::write_certificates(const CardOrder& order, const IssueRules& rules,
                                            PreparedCard& card) const {
  const CardPerson& person = order.person;
  auto& files = card.contents.files;
  const bool user = rules.user_authentication != IssueRules::CertificateState::kAbsent;
  const bool signature = rules.signature != IssueRules::CertificateState::kAbsent;
  const bool p384 = rules.algorithm == IssueRules::Algorithm::kP384;
  SHOGO_TRY(Identity user_identity,
            pki_->issue_user_authentication(person.key, order.serial,
                                            validity_of(order, rules.user_authentication), p384));
  SHOGO_TRY(Identity signature_identity,
            pki_->issue_signature(person.key, {person.name, person.address, person.birth_date, person.sex},
                                  order.serial + 1, validity_of(order, rules.signature), p384));
  files["user_authentication_certificate"] = user ? user_identity.certificate.der() : Bytes();
  files["signature_certificate"] = signature ? signature_identity.certificate.der() : Bytes();
  files["user_authentication_ca"] = pki_->user_authentication_ca().certificate.der();
  files["signature_ca"] = pki_->signature_ca().certificate.der();
  constexpr std::uint8_t kThere = 0x8F, kNotThere = 0x00;
  files["certificate_availability"] = {signature ? kThere : kNotThere, user ? kThere : kNotThere, 0x00};
  files["token_info"] =
      token_info_file(rules.token_label, fmt::format("99{:014}", order.serial % 100'000'000'000'000));
  files["jpki_unknown"] = Bytes(16, 0xFF);
  files["terminal_ca"] = certifier_record(kTerminalCaId, terminal_ca_);
  if (user) card.certificate_serial = user_identity.certificate.serial_hex();
  if (signature) card.signature_serial = signature_identity.certificate.serial_hex();
  card.contents.keys.emplace("user_authentication", std::move(user_identity.key));
  card.contents.keys.emplace("signature", std::move(signature_identity.key));
  return {};
}

Result<void> CardIssuer::write_visual(const CardOrder& order, bool with_face, PreparedCard& card) const {
  const CardPerson& person = order.person;
  const std::string stream = "card." + person.key;
  Rng key_rng(pki_->seed(), stream + ".key"), portrait_rng(pki_->seed(), stream + ".portrait"),
      rng(pki_->seed(), stream + ".visual");
  SHOGO_TRY(KeyPair key, KeyPair::rsa(key_rng));
  auto& files = card.contents.files;
  if (with_face) {
    FaceData face;
    face.birth_date = person.birth_date;
    face.sex = person.sex;
    face.expiry_date = order.expiry_date;
    SHOGO_TRY(face.name_png, text_png(person.name, 480, 48, 40));
    SHOGO_TRY(face.address_png, text_png(person.address, 480, 96, 28));
    SHOGO_TRY(face.security_code_png, text_png(order.security_code, 24, 12, 12));
    SHOGO_TRY(
        face.photo_jp2,
        encode_chip_photo(order.photo ? *order.photo : draw_portrait(portrait_rng, 360, 450), kPhotoBytes));
    SHOGO_TRY(files["card_face"], card_face_file(face, key, data_signer_));
    card.photo = std::move(face.photo_jp2);
    const auto number = card.contents.secrets.at("number_a").expose();
    SHOGO_TRY(const Bytes png, text_png(std::string(as_text(number)), 72, 12, 12));
    SHOGO_TRY(files["my_number_image"], my_number_file(png, key, data_signer_));
  }
  SHOGO_TRY(files["age_record"], age_record_file(person.birth_date, key, data_signer_));
  Bytes opaque(16 + 256);
  rng.fill(opaque);
  files["visual_basic"] = visual_basic_file(kMunicipality, opaque);
  files["data_signer_certificate"] = make_tlv(0x7F21, visual_signer_certificate_);
  files["filler"] = Bytes(16, 0xFF);
  card.contents.keys.emplace("visual", std::move(key));
  return {};
}

Result<void> CardIssuer::write_text(const CardOrder& order, PreparedCard& card) const {
  const CardPerson& person = order.person;
  const std::string stream = "card." + person.key + ".text";
  Rng key_rng(pki_->seed(), stream + ".key"), session_rng(pki_->seed(), stream + ".session"),
      rng(pki_->seed(), stream);
  SHOGO_TRY(KeyPair key, KeyPair::rsa(key_rng));
  SHOGO_TRY(KeyPair session, KeyPair::rsa(session_rng));
  auto& files = card.contents.files;
  files["text_my_number"] =
      text_my_number_file(std::string(as_text(card.contents.secrets.at("number_a").expose())));
  files["text_attributes"] = text_attributes_file(person.name, person.address, person.birth_date, person.sex);
  SHOGO_TRY(files["text_digests"],
            text_digests_file(files["text_my_number"], files["text_attributes"], data_signer_));
  files["text_signer_certificate"] = make_tlv(0x7F21, text_signer_certificate_);
  Bytes opaque(32);
  rng.fill(opaque);
  files["text_basic"] = text_basic_file(opaque);
  files["session_public_key"] = session_key_file(session);
  SHOGO_TRY(files["text_signed_key"], text_signed_key_file(key, data_signer_));
  card.contents.keys.emplace("text", std::move(key));
  card.contents.keys.emplace("session", std::move(session));
  return {};
}

Result<void> CardIssuer::write_card_level(const CardOrder& order, PreparedCard& card) const {
  const std::string stream = "card." + order.person.key;
  Rng key_rng(pki_->seed(), stream + ".common.key");
  SHOGO_TRY(KeyPair common, KeyPair::rsa(key_rng));
  card.contents.keys.emplace("common", std::move(common));
  auto& files = card.contents.files;
  const std::string number = fmt::format("9{:014}", order.serial % 100'000'000'000'000);
  files["card_number_record"] = card_number_record(number, kMunicipality, order.expiry_date);
  files["key_reference_record"] = key_reference_record();
  files["issuer_number"] = key_id("031");
  files["card_number"] = bytes_of(number);
  // The object identifier of GlobalPlatform's card recognition data, and nothing more.
  files["card_recognition"] = "7309 0607 2A864886FC6B01"_hex;
  files["municipality"] = bytes_of(kMunicipality);
  files["expiry"] = bytes_of(order.expiry_date);
  files["intermediate_key_id"] = key_id("010");
  files["chain_upper"] = upper_chain_;
  files["chain_lower"] = lower_chain_;
  SHOGO_TRY(files["contact_atr"], from_hex(kContactAtr));
  // Residence data of an integrated card: a stand-in without any real layout (docs/cards.md).
  files["residence_data"] = make_tlv(0xD0, as_bytes("SYNTHETIC residence record"));
  files["residence_address"] = make_tlv(0xD4, as_bytes(order.person.address));
  files["residence_signature"] = make_tlv(0xDA, Bytes(96, 0xFF));
  files["licence_common"] = make_tlv(0x45, as_bytes("SYNTHETIC"));
  return {};
}

Result<PreparedCard> CardIssuer::prepare(const CardOrder& order) const {
  const CardPerson& person = order.person;
  Rng rng(pki_->seed(), "card." + person.key);
  PreparedCard card;
  SHOGO_TRY(card.profile, find_card_profile(order.profile));
  SHOGO_TRY(const CardProfile profile, read_card_profile(card.profile, order.profile));
  SHOGO_TRY(card.number_b,
            number_b(person.birth_date, person.birth_calendar, order.expiry_date, order.security_code));
  SHOGO_TRY(const std::string birth, birth_digits(person.birth_date, person.birth_calendar));

  card.contents.pupi.resize(4);
  rng.fill(card.contents.pupi);
  auto& secrets = card.contents.secrets;
  for (const char* pin : {"auth_pin", "text_pin", "common_pin", "resident_pin"})
    secrets.emplace(pin, copy(order.auth_pin));
  secrets.emplace("signature_password", copy(order.signature_password));
  secrets.emplace("birth_digits", secret_of(birth));
  secrets.emplace("number_b", copy(card.number_b));
  secrets.emplace("number_a", secret_of(impossible_my_number(rng)));
  secrets.emplace("face_number", secret_of(fmt::format("{:06}", rng.below(1'000'000))));
  secrets.emplace("puk", secret_of(fmt::format("{:08}", rng.below(100'000'000))));
  Bytes nobody_knows(16);
  rng.fill(nobody_knows);
  secrets.emplace("nothing", Secret::take(nobody_knows));

  const auto wanted = wanted_files(profile);
  SHOGO_CHECK_OK(write_certificates(order, profile.issue, card));
  SHOGO_CHECK_OK(write_visual(order, wanted.contains("card_face"), card));
  SHOGO_CHECK_OK(write_text(order, card));
  SHOGO_CHECK_OK(write_card_level(order, card));
  return card;
}

Result<IssuedCard> CardIssuer::issue(const CardOrder& order) const {
  SHOGO_TRY(PreparedCard prepared, prepare(order));
  SHOGO_TRY(CardProfile profile, read_card_profile(prepared.profile, order.profile));
  SHOGO_TRY(auto card, VirtualCard::create(std::move(profile), std::move(prepared.contents), pki_->seed()));
  return IssuedCard{std::move(card), std::move(prepared.certificate_serial), std::move(prepared.number_b),
                    std::move(prepared.photo)};
}

CardOrder standard_card_order() {
  CardOrder order;
  order.person = {"standard", "照合　花子", "東京都架空区合成町１－２－３",
                  "19800217", '2',          BirthCalendar::kEra};
  order.auth_pin = secret_of("1234");
  order.signature_password = secret_of("SHOGO1234");
  order.expiry_date = "20350217";
  order.security_code = "2285";
  order.serial = 0x5106'0001;
  order.certificate_validity = {parse_jst("2024-04-01"), parse_jst("2034-02-17T23:59:59")};
  return order;
}

}  // namespace shogo::sim
