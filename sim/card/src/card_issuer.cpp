#include "drawing.h"
#include "face_data.h"

#include <fmt/core.h>

#include <shogo/sim/card_issuer.h>

namespace shogo::sim {
namespace {

constexpr std::size_t kPhotoBytes = 18 * 1024;
constexpr const char* kMunicipality = "99999";  // no municipality has this code

Secret copy(const Secret& secret) {
  Secret out(secret.size());
  for (const std::uint8_t byte : secret.expose()) out.push_back(byte);
  return out;
}

Secret secret_of(std::string text) {
  return Secret::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
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

}  // namespace

Result<CardIssuer> CardIssuer::create(const TestPki& pki) {
  Rng root_rng(pki.seed(), "card.data_root"), signer_rng(pki.seed(), "card.data_signer");
  SHOGO_TRY(KeyPair root, KeyPair::rsa(root_rng));
  SHOGO_TRY(KeyPair signer, KeyPair::rsa(signer_rng));
  return CardIssuer(pki, std::move(root), std::move(signer));
}

Result<IssuedCard> CardIssuer::issue(const CardOrder& order) const {
  const CardPerson& person = order.person;
  const std::uint64_t seed = pki_->seed();
  const std::string stream = "card." + person.key;
  SHOGO_TRY(CardProfile profile, builtin_card_profile(order.profile));
  SHOGO_TRY(Secret b,
            number_b(person.birth_date, person.birth_calendar, order.expiry_date, order.security_code));
  SHOGO_TRY(const std::string birth, birth_digits(person.birth_date, person.birth_calendar));
  SHOGO_TRY(Identity user,
            pki_->issue_user_authentication(person.key, order.serial, order.certificate_validity));
  SHOGO_TRY(Identity signature,
            pki_->issue_signature(person.key, {person.name, person.address, person.birth_date, person.sex},
                                  order.serial + 1, order.certificate_validity));
  Rng key_rng(seed, stream + ".key"), portrait_rng(seed, stream + ".portrait"), rng(seed, stream);
  SHOGO_TRY(KeyPair visual, KeyPair::rsa(key_rng));

  FaceData face;
  face.birth_date = person.birth_date;
  face.sex = person.sex;
  face.expiry_date = order.expiry_date;
  SHOGO_TRY(face.name_png, encode_bilevel_png(draw_signs(person.name, 480, 48)));
  SHOGO_TRY(face.address_png, encode_bilevel_png(draw_signs(person.address, 480, 96)));
  SHOGO_TRY(face.security_code_png, encode_bilevel_png(draw_digits(order.security_code, 24, 12)));
  SHOGO_TRY(
      face.photo_jp2,
      encode_chip_photo(order.photo ? *order.photo : draw_portrait(portrait_rng, 360, 450), kPhotoBytes));
  const std::string my_number = impossible_my_number(rng);
  SHOGO_TRY(const Bytes my_number_png, encode_bilevel_png(draw_digits(my_number, 72, 12)));

  CardContents contents;
  contents.pupi.resize(4);
  rng.fill(contents.pupi);
  Bytes opaque(16 + 256);
  rng.fill(opaque);
  auto& files = contents.files;
  files["signature_certificate"] = signature.certificate.der();
  files["signature_ca"] = pki_->signature_ca().certificate.der();
  files["user_authentication_certificate"] = user.certificate.der();
  files["user_authentication_ca"] = pki_->user_authentication_ca().certificate.der();
  files["token_info"] = token_info_file(fmt::format("99{:014}", order.serial % 100'000'000'000'000));
  files["certificate_availability"] = "8F8F00"_hex;
  files["jpki_unknown"] = Bytes(16, 0xFF);
  SHOGO_TRY(files["age_record"], age_record_file(person.birth_date, visual, data_signer_));
  SHOGO_TRY(files["card_face"], card_face_file(face, visual, data_signer_));
  files["visual_basic"] = visual_basic_file(kMunicipality, opaque);
  SHOGO_TRY(files["data_signer_certificate"], data_signer_certificate(data_signer_, root_));
  SHOGO_TRY(files["my_number_image"], my_number_file(my_number_png, visual, data_signer_));
  files["visual_filler"] = Bytes(16, 0xFF);
  contents.secrets.emplace("auth_pin", copy(order.auth_pin));
  contents.secrets.emplace("signature_password", copy(order.signature_password));
  contents.secrets.emplace("birth_digits", secret_of(birth));
  contents.secrets.emplace("number_b", copy(b));
  contents.secrets.emplace("number_a", secret_of(my_number));
  std::string serial = user.certificate.serial_hex();
  contents.keys.emplace("user_authentication", std::move(user.key));
  contents.keys.emplace("signature", std::move(signature.key));
  contents.keys.emplace("visual", std::move(visual));
  SHOGO_TRY(auto card, VirtualCard::create(std::move(profile), std::move(contents), seed));
  return IssuedCard{std::move(card), std::move(serial), std::move(b), std::move(face.photo_jp2)};
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
