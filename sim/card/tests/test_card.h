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
