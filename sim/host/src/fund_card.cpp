#include "fund_card.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <openssl/evp.h>

namespace shogo::sim {
namespace {

constexpr std::array<std::uint8_t, 10> kJpkiAid{0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01};
/// The next card's (*synthetic*; sim/card/profiles/next-generation.json). The fund's program gets its own
/// updates from the fund; whether a device lets such a card come this far is the device's business (1-8.c).
constexpr std::array<std::uint8_t, 10> kNextAid{0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0xF1};
constexpr std::uint16_t kTokenInfo = 0x0006;
constexpr std::size_t kTokenLabel = 32;  // blank-padded, the first field of the file
constexpr std::string_view kAndroidLabel = "JPKIAPGPSETOKEN", kIphoneLabel = "JPKIAPIOSTOKEN";
constexpr std::uint16_t kAuthCertificate = 0x000A;
constexpr std::uint16_t kAuthKey = 0x0017;
constexpr std::uint16_t kAuthPin = 0x0018;
constexpr std::uint16_t kOk = 0x9000;
constexpr std::size_t kMaxCertificate = 8'192;
constexpr std::size_t kMaxRead = 256;

/// RFC 8017 9.2 note 1: the head of a DigestInfo for SHA-256.
constexpr std::array<std::uint8_t, 19> kSha256Prefix{0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60,
                                                     0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                                                     0x01, 0x05, 0x00, 0x04, 0x20};

Bytes sha384(ByteView bytes) {
  Bytes digest(48);
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha384(), nullptr) != 1) return {};
  return digest;
}

}  // namespace

shogo_fund_status FundCard::send(ByteView command, Response& response) {
  std::size_t size = response_.capacity();
  const auto room = response_.expose_room();
  const int rc = transmit_(context_, command.data(), command.size(), room.data(), &size);
  if (rc == -1) return SHOGO_FUND_CARD_REMOVED;
  if (rc != 0 || size < 2 || size > room.size()) return SHOGO_FUND_CARD_ERROR;
  response.sw = static_cast<std::uint16_t>(read_be(room.subspan(size - 2, 2)));
  response.data = room.first(size - 2);
  return SHOGO_FUND_OK;
}

shogo_fund_status FundCard::select_jpki() {
  next_card_ = false;
  const auto status = select_application(kJpkiAid);
  if (status != SHOGO_FUND_CARD_UNSUPPORTED) return status;
  next_card_ = true;
  return select_application(kNextAid);
}

shogo_fund_status FundCard::select_application(ByteView aid) {
  Bytes command{0x00, 0xA4, 0x04, 0x0C, static_cast<std::uint8_t>(aid.size())};
  append(command, aid);
  Response response;
  if (const auto status = send(command, response); status != SHOGO_FUND_OK) return status;
  switch (response.sw) {
    case kOk:
      return SHOGO_FUND_OK;
    case 0x6A81:  // function not supported
    case 0x6A82:  // no such application
    case 0x6A86:  // a card that knows no SELECT by name without FCI
    case 0x6D00:  // no SELECT at all
    case 0x6E00:  // not this class
      return SHOGO_FUND_CARD_UNSUPPORTED;
    default:
      return SHOGO_FUND_CARD_ERROR;
  }
}

shogo_fund_status FundCard::select_ef(std::uint16_t id) {
  Bytes command{0x00, 0xA4, 0x02, 0x0C, 0x02};
  append_be16(command, id);
  Response response;
  if (const auto status = send(command, response); status != SHOGO_FUND_OK) return status;
  return response.sw == kOk ? SHOGO_FUND_OK : SHOGO_FUND_CARD_ERROR;
}

shogo_fund_status FundCard::verify_pin(ByteView pin, std::int32_t& tries_left) {
  if (const auto status = select_ef(kAuthPin); status != SHOGO_FUND_OK) return status;
  Secret command(5 + pin.size());
  const auto room = command.expose_room();
  const std::array<std::uint8_t, 5> header{0x00, 0x20, 0x00, 0x80, static_cast<std::uint8_t>(pin.size())};
  std::copy(header.begin(), header.end(), room.begin());
  std::copy(pin.begin(), pin.end(), room.begin() + header.size());
  command.set_size(command.capacity());
  Response response;
  if (const auto status = send(command.expose(), response); status != SHOGO_FUND_OK) return status;
  if (response.sw == kOk) return SHOGO_FUND_OK;
  // 6984 is what the card says (JICSAP); 6983 is the ISO word for the same, seen in other descriptions.
  if (response.sw == 0x6984 || response.sw == 0x6983 || response.sw == 0x63C0) {
    tries_left = 0;
    return SHOGO_FUND_PIN_LOCKED;
  }
  if ((response.sw & 0xFFF0) == 0x63C0) {
    tries_left = response.sw & 0x000F;
    return SHOGO_FUND_WRONG_PIN;
  }
  return SHOGO_FUND_CARD_ERROR;
}

shogo_fund_status FundCard::prove_terminal(const TerminalCredential& terminal) {
  constexpr std::size_t kChallenge = 16;
  const auto extended = [](std::array<std::uint8_t, 4> header, ByteView body) {
    Bytes command(header.begin(), header.end());
    command.push_back(0x00);
    append_be16(command, static_cast<std::uint16_t>(body.size()));
    append(command, body);
    return command;
  };
  Response response;
  if (const auto status = send(extended({0x80, 0xA2, 0x00, 0xA4}, terminal.certificate()), response);
      status != SHOGO_FUND_OK)
    return status;
  if (response.sw == 0x6A86 || response.sw == 0x6D00 || response.sw == 0x6E00)
    return SHOGO_FUND_CARD_UNSUPPORTED;
  if (response.sw != kOk) return SHOGO_FUND_CARD_ERROR;
  const std::array<std::uint8_t, 5> ask{0x00, 0x84, 0x00, 0x00, kChallenge};
  if (const auto status = send(ask, response); status != SHOGO_FUND_OK) return status;
  if (response.sw != kOk || response.data.size() != kChallenge) return SHOGO_FUND_CARD_ERROR;
  const Bytes signature = terminal.sign(response.data);
  if (const auto status = send(extended({0x00, 0x82, 0x00, 0x00}, signature), response);
      status != SHOGO_FUND_OK)
    return status;
  return response.sw == kOk ? SHOGO_FUND_OK : SHOGO_FUND_CARD_ERROR;
}

shogo_fund_status FundCard::read_token(Token& token) {
  if (const auto status = select_ef(kTokenInfo); status != SHOGO_FUND_OK) return status;
  Response response;
  const std::array<std::uint8_t, 5> read{0x00, 0xB0, 0x00, 0x00, kTokenLabel};
  if (const auto status = send(read, response); status != SHOGO_FUND_OK) return status;
  if (response.sw != kOk || response.data.size() != kTokenLabel) return SHOGO_FUND_CARD_ERROR;
  const std::string_view label = as_text(response.data);
  token = label.starts_with(kAndroidLabel)  ? Token::kAndroid
          : label.starts_with(kIphoneLabel) ? Token::kIphone
                                            : Token::kCard;
  return SHOGO_FUND_OK;
}

void FundCard::last_command() {
  Response response;
  (void)send(std::array<std::uint8_t, 4>{0x80, 0xFC, 0x00, 0x00}, response);
}

shogo_fund_status FundCard::sign(ByteView challenge, Bytes& signature) {
  if (const auto status = select_ef(kAuthKey); status != SHOGO_FUND_OK) return status;
  Bytes input;
  if (!next_card_) append(input, kSha256Prefix);
  append(input, next_card_ ? sha384(challenge) : sha256(challenge));
  Bytes command{0x80, 0x2A, 0x00, 0x80, static_cast<std::uint8_t>(input.size())};
  append(command, input);
  command.push_back(0x00);
  Response response;
  if (const auto status = send(command, response); status != SHOGO_FUND_OK) return status;
  if (response.sw != kOk) refusal_ = response.sw;
  if (response.sw != kOk || response.data.empty()) return SHOGO_FUND_CARD_ERROR;
  signature.assign(response.data.begin(), response.data.end());
  return SHOGO_FUND_OK;
}

shogo_fund_status FundCard::read_certificate(Bytes& certificate) {
  if (const auto status = select_ef(kAuthCertificate); status != SHOGO_FUND_OK) return status;
  // Until the header is known, ask for the header alone: SEQUENCE with a two-byte length.
  constexpr std::size_t kHeader = 4;
  std::size_t total = kHeader;
  certificate.clear();
  while (certificate.size() < total) {
    const std::size_t want = std::min(total - certificate.size(), kMaxRead);
    Bytes command{0x00, 0xB0};
    append_be16(command, static_cast<std::uint16_t>(certificate.size()));
    command.push_back(static_cast<std::uint8_t>(want == kMaxRead ? 0 : want));
    Response response;
    if (const auto status = send(command, response); status != SHOGO_FUND_OK) return status;
    if (response.sw != kOk || response.data.empty() || response.data.size() > want)
      return SHOGO_FUND_CARD_ERROR;
    append(certificate, response.data);
    if (total == kHeader && certificate.size() == kHeader) {
      if (certificate[0] != 0x30 || certificate[1] != 0x82) return SHOGO_FUND_CARD_ERROR;
      total = kHeader + static_cast<std::size_t>(read_be(ByteView(certificate).subspan(2, 2)));
      if (total == kHeader || total > kMaxCertificate) return SHOGO_FUND_CARD_ERROR;
    }
  }
  return SHOGO_FUND_OK;
}

}  // namespace shogo::sim
