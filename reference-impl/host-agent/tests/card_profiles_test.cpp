// Card profiles: what a package of them may say, and that cards are found by them.
#include "card_profiles.h"

#include "card_channel.h"

#include <gtest/gtest.h>

namespace shogo::agent {
namespace {

constexpr std::string_view kNext =
    R"({"format":1,"profiles":[{"name":"next","application":"D392F0002601000000F1","pin_file":"0018"}]})";

TEST(CardProfiles, a_package_adds_to_what_is_built_in_and_takes_nothing_away) {
  const auto profiles = read_card_profiles(as_bytes(kNext));
  ASSERT_TRUE(profiles.ok()) << profiles.error().describe();
  ASSERT_EQ(profiles->size(), 2U);
  EXPECT_EQ(profiles->front().application, built_in_profiles().front().application);
  EXPECT_EQ(to_hex(profiles->back().application), "D392F0002601000000F1");
  EXPECT_EQ(profiles->back().pin_file, 0x0018);
}

TEST(CardProfiles, the_built_in_card_named_again_is_still_one) {
  const auto profiles = read_card_profiles(as_bytes(
      R"({"format":1,"profiles":[{"name":"x","application":"D392F000260100000001","pin_file":"0099"}]})"));
  ASSERT_TRUE(profiles.ok());
  ASSERT_EQ(profiles->size(), 1U);
  EXPECT_EQ(profiles->front().pin_file, 0x0018) << "a package moved the PIN of today's card";
}

TEST(CardProfiles, anything_else_is_refused_with_a_reason) {
  std::string many;
  for (int i = 0; i < 17; ++i)
    many += std::string(i == 0 ? "" : ",") + R"({"name":"n","application":"D392F00026","pin_file":"0018"})";
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string(R"({"format":2,"profiles":[]})"),
        std::string(R"({"format":1,"profiles":[]})"), std::string(R"({"format":1})"),
        std::string(R"({"format":1,"profiles":[{"name":"","application":"D392F00026","pin_file":"0018"}]})"),
        std::string(R"({"format":1,"profiles":[{"name":"a","application":"D392F000","pin_file":"0018"}]})"),
        std::string(R"({"format":1,"profiles":[{"name":"a","application":"zz92F00026","pin_file":"0018"}]})"),
        std::string(R"({"format":1,"profiles":[{"name":"a","application":"D392F00026","pin_file":"18"}]})"),
        std::string(
            R"({"format":1,"profiles":[{"name":"a","application":"D392F00026","pin_file":"0018","x":1}]})"),
        R"({"format":1,"profiles":[)" + many + "]}"})
    EXPECT_FALSE(read_card_profiles(as_bytes(text)).ok()) << text;
}

/// A card with one application; counts what it is asked.
struct OneApplication {
  std::string aid;
  int commands = 0;
  Result<Bytes> operator()(ByteView command) {
    ++commands;
    const std::string hex = to_hex(command);
    if (hex.rfind("00A4040C", 0) == 0) return hex.substr(10) == aid ? "9000"_hex : "6A82"_hex;
    if (hex == "00200080") return "63C3"_hex;
    return "9000"_hex;
  }
};

TEST(CardProfiles, a_card_is_found_only_by_a_profile_that_names_it) {
  OneApplication card{"D392F0002601000000F1"};
  const Transmit send = [&](ByteView command) { return card(command); };
  EXPECT_EQ(identify(send), CardKind::kOther);
  EXPECT_EQ(pin_status(send).error().code(), Code::kUnsupported);
  const auto known = read_card_profiles(as_bytes(kNext));
  EXPECT_EQ(identify(send, *known), CardKind::kMyNumber);
  EXPECT_EQ(pin_status(send, *known)->tries_left, 3);
}

TEST(CardProfiles, a_card_of_today_hears_nothing_of_the_others) {
  OneApplication card{"D392F000260100000001"};
  const Transmit send = [&](ByteView command) { return card(command); };
  (void)identify(send);
  const int before = std::exchange(card.commands, 0);
  (void)identify(send, *read_card_profiles(as_bytes(kNext)));
  EXPECT_EQ(card.commands, before);
}

}  // namespace
}  // namespace shogo::agent
