#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/sim/card_profile.h>

namespace shogo::sim {
namespace {

std::string standard_text() {
  return read_text(std::string(SHOGO_SOURCE_DIR) + "/sim/card/profiles/standard.json").value();
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(CardProfile, the_standard_profile_gives_the_atr_of_a_my_number_card) {
  auto profile = builtin_card_profile("standard");
  ASSERT_TRUE(profile.ok()) << profile.error().describe();
  EXPECT_EQ(to_hex(contract::atr_of(profile->atqb)), "3B888001000005E0B381A1007F");
}

TEST(CardProfile, an_unknown_name_is_not_found) {
  EXPECT_EQ(builtin_card_profile("next").error().code(), Code::kNotFound);
}

TEST(CardProfile, mistakes_in_a_profile_are_found_and_named) {
  const std::string good = standard_text();
  ASSERT_TRUE(parse_card_profile(good, "test").ok());
  const std::pair<const char*, const char*> mistakes[] = {
      {"\"read\": [\"001B\"]", "\"read\": [\"001C\"]"},  // names a PIN that does not exist
      {"\"id\": \"0002\"", "\"id\": \"0001\""},          // an id twice
      {"\"read\": \"free\"", "\"read\": \"always\""},    // not a rule
      {"\"tries\": 3", "\"tries\": 16"},                 // does not fit 63Cx
      {"\"max\": 16", "\"max\": 17"},                    // longer than a VERIFY body
      {"\"alphabet\": \"digits\"", "\"alphabet\": \"any\""},
      {"\"changeable\"", "\"changable\""},
      {"profile/1", "profile/2"},
      {"D392F000260100000001", "D392F0"},
  };
  for (const auto& [from, to] : mistakes) {
    const auto profile = parse_card_profile(replaced(good, from, to), "test");
    ASSERT_FALSE(profile.ok()) << to;
    EXPECT_NE(profile.error().describe().find("test"), std::string::npos) << profile.error().describe();
  }
}

}  // namespace
}  // namespace shogo::sim
