#include "test_card.h"

namespace shogo::sim {
namespace {

class CardMemory : public CardTest {};

TEST_F(CardMemory, what_a_card_remembers_can_be_given_to_another_of_the_same_order) {
  auto first = issue_standard(), second = issue_standard();
  card_ = first.card.get();
  select_jpki();
  ASSERT_EQ(send(kVerifyWrongPin), "63C2");
  ASSERT_EQ(send(kVerifySignPassword), "9000");
  ASSERT_EQ(send("0024019B06414141414141"), "9000");
  ASSERT_TRUE(second.card->restore(first.card->memory()).ok());
  card_ = second.card.get();
  select_jpki();
  EXPECT_EQ(send("00200098"), "63C2");
  EXPECT_EQ(send("0020009B06414141414141"), "9000");
}

TEST_F(CardMemory, the_keeper_is_called_for_every_change_and_only_then_before_the_answer) {
  auto issued = issue_standard();
  card_ = issued.card.get();
  int calls = 0, left = -1;
  card_->keep([&] {
    ++calls;
    left = card_->tries_left("jpki", 0x0018);
    return true;
  });
  select_jpki();
  (void)send("00200098");
  EXPECT_EQ(calls, 0) << "a query changes nothing";
  (void)send(kVerifyWrongPin);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(left, 2);
  (void)send(kVerifyAuthPin);
  EXPECT_EQ(calls, 2) << "the counter went up again";
  (void)send(kVerifyAuthPin);
  EXPECT_EQ(calls, 2);
}

TEST_F(CardMemory, a_memory_that_does_not_fit_changes_nothing) {
  auto issued = issue_standard();
  const auto with = [](const char* application, std::uint16_t id, int tries, std::size_t size) {
    std::vector<PinMemory> memory;
    PinMemory item{application, id, tries, Secret(size)};
    for (std::size_t i = 0; i < size; ++i) item.value.push_back('1');
    memory.push_back(std::move(item));
    return memory;
  };
  EXPECT_FALSE(issued.card->restore(with("jpki", 0x0099, 1, 4)).ok());
  EXPECT_FALSE(issued.card->restore(with("other", 0x0018, 1, 4)).ok());
  EXPECT_FALSE(issued.card->restore(with("jpki", 0x0018, 4, 4)).ok());
  EXPECT_FALSE(issued.card->restore(with("jpki", 0x0018, -1, 4)).ok());
  EXPECT_FALSE(issued.card->restore(with("jpki", 0x0018, 1, 5)).ok());
  EXPECT_EQ(issued.card->tries_left("jpki", 0x0018), 3);
}

TEST_F(CardMemory, wrong_values_are_counted_by_the_card_itself) {
  auto issued = issue_standard();
  card_ = issued.card.get();
  select_visual();
  (void)send("002000920E3030303030303030303030303030");
  (void)send("002000920E3030303030303030303030303030");
  (void)send(kVerifyNumberB);
  for (const PinStatus& pin : card_->pins())
    EXPECT_EQ(pin.wrong, pin.application == "visual" && pin.id == 0x0012 ? 2 : 0);
}

TEST_F(CardMemory, the_next_cards_puk_fills_a_counter_and_can_set_a_new_pin) {
  auto order = order_for("next-generation", 3, parse_jst("2026-04-01"));
  ASSERT_TRUE(order.ok());
  auto prepared = test_issuer().prepare(*order);
  ASSERT_TRUE(prepared.ok());
  const std::string puk = to_hex(prepared->contents.secrets.at("puk").expose());
  auto made = VirtualCard::create(read_card_profile(prepared->profile, "next").value(),
                                  std::move(prepared->contents), 1);
  ASSERT_TRUE(made.ok());
  card_ = made->get();
  ASSERT_EQ(send("00A4040C0AD392F0002601000000F1"), "9000");
  for (int i = 0; i < 3; ++i) (void)send(kVerifyWrongPin);
  ASSERT_EQ(send(kVerifyAuthPin), "6984");
  EXPECT_EQ(send("002C0398"), "6982");
  ASSERT_EQ(send("0020009D08" + puk), "9000");
  EXPECT_EQ(send("002C0398"), "9000");
  EXPECT_EQ(send("00200098"), "63C3");
  EXPECT_EQ(send("002C02980435363738"), "9000");
  EXPECT_EQ(send("002000980435363738"), "9000");
  const std::string signature = send(
      "802A039703414243"
      "00");
  EXPECT_EQ(signature.size(), 2U * (96 + 2)) << "r and s of P-384";
  EXPECT_EQ(send("802A0297"
                 "20" +
                 std::string(64, '0') + "00"),
            "6985")
      << "no RSA on this card";
  card_ = issue_standard_once().card.get();
  select_jpki();
  EXPECT_EQ(send("002C0398"), "6D00") << "cards of today have no PUK";
}

TEST_F(CardMemory, a_phone_signs_only_while_its_holder_agrees) {
  auto issued = test_issuer().issue(std::move(order_for("phone-iphone", 5, parse_jst("2026-04-01"))).value());
  ASSERT_TRUE(issued.ok());
  card_ = issued->card.get();
  select_jpki();
  EXPECT_EQ(status("802A0397010100"), "6982");
  card_->set_holder_consent(true);
  card_->power_off();
  select_jpki();
  EXPECT_EQ(status("802A0397010100"), "9000") << "consent is given before the phone meets the reader";
  card_->set_holder_consent(false);
  EXPECT_EQ(status("802A0397010100"), "6982");
}

}  // namespace
}  // namespace shogo::sim
