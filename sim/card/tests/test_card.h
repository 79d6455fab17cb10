// One issued standard card for all tests of this program; each test begins with it reset.
#pragma once

#include <stdexcept>

#include <gtest/gtest.h>

#include <shogo/sim/card_issuer.h>

namespace shogo::sim {

inline const CardIssuer& test_issuer() {
  static const TestPki pki = [] {
    auto made = TestPki::create(1);
    if (!made.ok()) throw std::runtime_error(made.error().describe());
    return std::move(made).value();
  }();
  static const CardIssuer issuer = [] {
    auto made = CardIssuer::create(pki);
    if (!made.ok()) throw std::runtime_error(made.error().describe());
    return std::move(made).value();
  }();
  return issuer;
}

inline IssuedCard issue_standard() {
  auto made = test_issuer().issue(standard_card_order());
  if (!made.ok()) throw std::runtime_error(made.error().describe());
  return std::move(made).value();
}

/// The terminal for cards without PIN, taken out of the issuer's PEM.
struct Terminal {
  KeyPair key;
  Bytes certificate;
};

inline Terminal read_terminal(const CardIssuer& issuer) {
  const std::string pem = issuer.terminal_pem().value();
  constexpr std::string_view kBegin = "-----BEGIN SHOGO TERMINAL CERTIFICATE-----";
  const std::size_t from = pem.find(kBegin) + kBegin.size();
  std::string base64 = pem.substr(from, pem.find("-----END", from) - from);
  std::erase(base64, '\n');
  return {KeyPair::from_private_pem(pem).value(), from_base64(base64).value()};
}

inline const Terminal& test_terminal() {
  static const Terminal terminal = read_terminal(test_issuer());
  return terminal;
}

inline Bytes extended(std::string_view header_hex, ByteView body) {
  Bytes command = from_hex(header_hex).value();
  command.push_back(0);
  append_be16(command, static_cast<std::uint16_t>(body.size()));
  append(command, body);
  return command;
}

/// 80 A2, 00 84, 00 82 as the fund program sends them; the last status word, or that of the step that failed.
inline std::string prove_terminal(VirtualCard& card, const Terminal& terminal) {
  const std::string shown = to_hex(card.transmit(extended("80A200A4", terminal.certificate)));
  if (shown != "9000") return shown;
  const Bytes challenge = card.transmit("0084000010"_hex);
  const Bytes signature = terminal.key.sign_sha256(ByteView(challenge).first(challenge.size() - 2)).value();
  return to_hex(card.transmit(extended("00820000", signature)));
}

class CardTest : public ::testing::Test {
 protected:
  void SetUp() override {
    card_ = issue_standard_once().card.get();
    card_->power_off();
    card_->refill_all_tries();
  }
  static IssuedCard& issue_standard_once() {
    static IssuedCard issued = issue_standard();
    return issued;
  }
  std::string send(std::string_view hex) { return to_hex(card_->transmit(from_hex(hex).value())); }
  std::string status(std::string_view hex) {
    const std::string answer = send(hex);
    return answer.substr(answer.size() - 4);
  }
  void select_jpki() { ASSERT_EQ(send("00A4040C0AD392F000260100000001"), "9000"); }
  void select_visual() { ASSERT_EQ(send("00A4040C0AD3921000310001010402"), "9000"); }
  VirtualCard* card_ = nullptr;
};

inline constexpr const char* kVerifyAuthPin = "002000980431323334";
inline constexpr const char* kVerifyWrongPin = "002000980439393939";
inline constexpr const char* kVerifySignPassword = "0020009B0953484F474F31323334";
inline constexpr const char* kVerifyNumberB = "002000920E3535303231373230333532323835";

}  // namespace shogo::sim
