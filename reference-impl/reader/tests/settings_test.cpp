#include "settings.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shogo::reader {
namespace {

TEST(Settings, a_file_changes_what_it_names_and_leaves_the_rest) {
  Settings now;
  now.random_keypad = true;
  now.idle_timeout_ms = 5'000;
  const Settings next = *read_settings(R"({"idle_timeout_ms": 200})", now);
  EXPECT_TRUE(next.random_keypad);
  EXPECT_EQ(next.idle_timeout_ms, 200);
}

TEST(Settings, what_is_printed_is_read_back) {
  Settings settings;
  settings.random_keypad = settings.ask_referral = true;
  settings.consent_bundle = false;
  settings.idle_timeout_ms = 1'234;
  settings.heartbeat_ms = 500;
  settings.reconnect_longest_ms = 2'000;
  settings.clinic_name = "𠮷野家医院葛󠄀城ｶﾅ";
  settings.languages = {Language::kJapanese, Language::kChinese};
  const Settings again = *read_settings(boost::json::serialize(print_settings(settings)), Settings{});
  EXPECT_EQ(print_settings(again), print_settings(settings));
}

TEST(Settings, a_name_is_taken_up_to_its_last_character_or_not_at_all) {
  const auto with = [](std::string_view character, std::size_t count) {
    std::string name;
    for (std::size_t i = 0; i < count; ++i) name += character;
    return read_settings(boost::json::serialize(boost::json::object{{"clinic_name", name}}), Settings{});
  };
  for (const char* character : {"a", "ｶ", "照", "𠮷"}) {
    EXPECT_TRUE(with(character, kMostClinicName).ok()) << character;
    EXPECT_FALSE(with(character, kMostClinicName + 1).ok()) << character;
  }
}

TEST(Settings, the_languages_that_are_offered_keep_their_order_and_japanese) {
  const auto with = [](std::string_view list) {
    return read_settings(fmt::format(R"({{"languages": {}}})", list), Settings{});
  };
  const auto chosen = with(R"(["ko", "ja"])");
  ASSERT_TRUE(chosen.ok());
  EXPECT_EQ(chosen->languages, (std::vector<Language>{Language::kJapanese, Language::kKorean}));
  EXPECT_EQ(Settings{}.languages, all_languages());
  EXPECT_TRUE(with(R"(["ja"])").ok());
  const auto trouble = [&](std::string_view list) {
    const auto refused = with(list);
    return refused.ok() ? std::string("accepted") : refused.error().message();
  };
  using testing::HasSubstr;
  EXPECT_THAT(trouble(R"(["ja", "fr"])"), HasSubstr("each of ja, en, zh, ko once"));
  EXPECT_THAT(trouble(R"(["en", "ko"])"), HasSubstr("Japanese cannot be taken away"));
  EXPECT_THAT(trouble("[]"), HasSubstr("Japanese cannot be taken away"));
  EXPECT_THAT(trouble(R"(["ja", "ja"])"), HasSubstr("once"));
  EXPECT_THAT(trouble(R"(["ja", 1])"), HasSubstr("once"));
  EXPECT_THAT(trouble(R"("ja")"), HasSubstr("must be a list"));
  EXPECT_THAT(trouble("{}"), HasSubstr("must be a list"));
}

TEST(Settings, anything_else_is_refused) {
  for (const char* text :
       {"", "[]", "null", R"({"random_keypad": 1})", R"({"random_keypad": "true"})",
        R"({"idle_timeout_ms": 199})", R"({"idle_timeout_ms": 3600001})", R"({"heartbeat_ms": 199})",
        R"({"heartbeat_ms": 30001})", R"({"reconnect_longest_ms": 999})",
        R"({"reconnect_longest_ms": 60001})", R"({"idle_timeout_ms": 1.5})",
        R"({"idle_timeout_ms": "60000"})", R"({"random_keypd": true})", R"({"clinic_name": 1})",
        R"({"clinic_name": "a\nb"})", "{\"clinic_name\": \"\x83T\"}",
        R"({"random_keypad": true, "idle_timeout_ms": 1})"})
    EXPECT_FALSE(read_settings(text, Settings{}).ok()) << text;
}

}  // namespace
}  // namespace shogo::reader
