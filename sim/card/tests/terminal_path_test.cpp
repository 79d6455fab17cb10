// The synthetic way without PIN: only a certified terminal that signs a fresh challenge opens the key, and
// only the key.
#include "test_card.h"

namespace shogo::sim {
namespace {

constexpr const char* kSign = "802A0097010100";

class TerminalPath : public CardTest {};

TEST_F(TerminalPath, opens_the_user_authentication_key_and_nothing_else) {
  select_jpki();
  EXPECT_EQ(status(kSign), "6982");
  ASSERT_EQ(prove_terminal(*card_, test_terminal()), "9000");
  EXPECT_EQ(status(kSign), "9000");
  EXPECT_EQ(status("802A009A010100"), "6982") << "the signature key asks for its password";
  ASSERT_EQ(send("00A4020C020001"), "9000");
  EXPECT_EQ(status("00B0000001"), "6982") << "the signature certificate, too";
  EXPECT_EQ(card_->tries_left("jpki", 0x0018), 3) << "no try is touched";
  ASSERT_EQ(send("00A4020C020016"), "9000");
  EXPECT_EQ(status("00B0000001"), "6982") << "who certifies terminals is no business of a reader";
}

TEST_F(TerminalPath, works_where_the_pins_are_switched_off) {
  auto issued = test_issuer().issue(order_for("face-authentication", 3, parse_jst("2026-04-01")).value());
  ASSERT_TRUE(issued.ok());
  VirtualCard& card = *issued->card;
  ASSERT_EQ(to_hex(card.transmit("00A4040C0AD392F000260100000001"_hex)), "9000");
  ASSERT_EQ(to_hex(card.transmit("0020009804313233 34"_hex)), "6984");
  ASSERT_EQ(prove_terminal(card, test_terminal()), "9000");
  EXPECT_EQ(to_hex(card.transmit("802A0097010100"_hex)).substr(512), "9000");
}

TEST_F(TerminalPath, ends_with_another_application_reset_and_a_failed_proof) {
  for (const char* way : {"application", "power", "wrong"}) {
    card_->power_off();
    select_jpki();
    ASSERT_EQ(prove_terminal(*card_, test_terminal()), "9000");
    if (std::string_view(way) == "application") {
      select_visual();
      select_jpki();
    } else if (std::string_view(way) == "power") {
      card_->power_off();
      select_jpki();
    } else {
      send("0084000010");
      EXPECT_EQ(to_hex(card_->transmit(extended("00820000", Bytes(256, 0x11)))), "6300");
    }
    EXPECT_EQ(status(kSign), "6982") << way;
  }
}

TEST_F(TerminalPath, a_challenge_serves_once_and_a_short_one_not_at_all) {
  select_jpki();
  ASSERT_EQ(to_hex(card_->transmit(extended("80A200A4", test_terminal().certificate))), "9000");
  const Bytes answer = card_->transmit("0084000010"_hex);
  const Bytes signature = test_terminal().key.sign_sha256(ByteView(answer).first(answer.size() - 2)).value();
  EXPECT_EQ(to_hex(card_->transmit(extended("00820000", signature))), "9000");
  EXPECT_EQ(to_hex(card_->transmit(extended("00820000", signature))), "6985") << "played again";
  const Bytes brief = card_->transmit("0084000008"_hex);
  const Bytes over_brief = test_terminal().key.sign_sha256(ByteView(brief).first(brief.size() - 2)).value();
  EXPECT_EQ(to_hex(card_->transmit(extended("00820000", over_brief))), "6985");
  EXPECT_EQ(send("00820000"), "6700");
}

TEST_F(TerminalPath, a_certificate_of_somebody_else_or_in_pieces_is_refused) {
  const TestPki other_pki = TestPki::create(77).value();
  const Terminal other = read_terminal(CardIssuer::create(other_pki).value());
  select_jpki();
  EXPECT_EQ(prove_terminal(*card_, other), "6A80");
  const Bytes& good = test_terminal().certificate;
  for (std::size_t size = 0; size < good.size(); size += 7) {
    const Bytes part(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(to_hex(card_->transmit(part.empty() ? "80A200A4"_hex : extended("80A200A4", part))), "6A80")
        << size;
  }
  for (std::size_t at = 0; at < good.size(); at += 11) {
    Bytes changed = good;
    changed[at] ^= 0x01;
    EXPECT_EQ(to_hex(card_->transmit(extended("80A200A4", changed))), "6A80") << at;
  }
  EXPECT_EQ(to_hex(card_->transmit(extended("00820000", Bytes(256, 0)))), "6985") << "no terminal is known";
}

TEST_F(TerminalPath, other_places_and_parameters_answer_as_real_cards_do) {
  EXPECT_EQ(send("80A200A4"), "6A86") << "no application";
  select_jpki();
  for (const char* header : {"80A20000", "80A200AE", "80A28000", "80A200B6"})
    EXPECT_EQ(send(header), "6A86") << header;
  select_visual();
  EXPECT_EQ(send("80A200A4"), "6A86");
  EXPECT_EQ(send("00820000"), "6D00");
  auto phone = test_issuer().issue(order_for("phone-android", 3, parse_jst("2026-04-01")).value());
  ASSERT_TRUE(phone.ok());
  phone->card->transmit("00A4040C0AD392F000260100000001"_hex);
  EXPECT_EQ(to_hex(phone->card->transmit("80A200A4"_hex)), "6D00") << "phones have no such way";
}

}  // namespace
}  // namespace shogo::sim
