// Words that come in a package: what they may replace, and pages that cannot be used with them.
#include "updates/firmware_data.h"

#include "ui/page_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shogo::reader {
namespace {

using ::testing::HasSubstr;

Result<Messages> read(const std::string& rest) {
  return read_firmware_data(as_bytes(R"({"format":1,"firmware":"0.1.0",)" + rest + "}"));
}

TEST(FirmwareData, replaces_what_it_names_and_leaves_the_rest) {
  const auto words =
      read(R"("words":{"end":{"ja":"やめる"}},"screens":{"idle":{"title":{"ja":"カードをどうぞ"}}})");
  ASSERT_TRUE(words.ok()) << words.error().describe();
  const Messages& before = Messages::built_in();
  EXPECT_EQ(words->word("end", Language::kJapanese), "やめる");
  EXPECT_EQ(words->word("end", Language::kEnglish), before.word("end", Language::kEnglish));
  EXPECT_EQ(words->screen("idle", Language::kJapanese).title, "カードをどうぞ");
  EXPECT_EQ(words->screen("idle", Language::kJapanese).body, before.screen("idle", Language::kJapanese).body);
  EXPECT_EQ(words->screen("method", Language::kJapanese).title,
            before.screen("method", Language::kJapanese).title);
}

TEST(FirmwareData, of_another_firmware_or_format_is_not_taken) {
  EXPECT_TRUE(read_firmware_data(as_bytes(std::string_view(R"({"format":1,"firmware":"0.1.0"})"))).ok());
  for (const std::string_view text :
       {"", "[]", "{}", R"({"format":2,"firmware":"0.1.0"})", R"({"format":1,"firmware":"0.2.0"})",
        R"({"format":1})", R"({"format":1,"firmware":"0.1.0","more":1})"})
    EXPECT_FALSE(read_firmware_data(as_bytes(text)).ok()) << text;
  EXPECT_EQ(read_firmware_data(Bytes(kMostFirmwareData + 1, ' ')).error().code(), Code::kExhausted);
}

TEST(FirmwareData, adds_nothing_that_the_device_does_not_have) {
  for (const char* rest :
       {R"("words":{"no_such_word":{"ja":"x"}})", R"("words":{"end":{"xx":"x"}})", R"("words":{"end":"x"})",
        R"("words":{"end":{"ja":1}})", R"("screens":{"no_such_page":{}})",
        R"("screens":{"idle":{"number":{"ja":"E-1"}}})", R"("screens":{"idle":{"title":"x"}})",
        R"("screens":{"idle":{"title":{"ja":"x"},"buttons":{}}})"})
    EXPECT_FALSE(read(rest).ok()) << rest;
}

TEST(FirmwareData, keeps_the_blanks_that_are_filled_in_later) {
  EXPECT_TRUE(read(R"("words":{"tries":{"en":"{} tries are left"}})").ok());
  EXPECT_TRUE(read(R"("screens":{"phone_moved":{"body":{"en":"{place}, please"}}})").ok());
  for (const char* text : {"none", "{} {}", "{", "}", "{:9999999}", "{0}", "{place}", "{{}}", "}{"})
    EXPECT_FALSE(read(std::string(R"("words":{"tries":{"en":")") + text + "\"}}").ok()) << text;
}

TEST(FirmwareData, texts_are_plain_and_of_a_length) {
  for (const std::string& text :
       {std::string(), std::string("a\\u0007b"), std::string("a\\nb"), std::string(kMostWords + 1, 'a')}) {
    const auto words = read(R"("words":{"end":{"en":")" + text + "\"}}");
    EXPECT_FALSE(words.ok()) << text;
  }
  EXPECT_TRUE(read(R"("words":{"end":{"en":")" + std::string(kMostWords, 'a') + "\"}}").ok());
}

class Pages : public testing::Test {
 protected:
  std::string flaw(const std::string& rest) {
    const auto words = read(rest);
    if (!words.ok()) return "not read: " + words.error().describe();
    const auto sound = check_pages(*words, panel_, *fonts_);
    return sound.ok() ? "" : sound.error().describe();
  }
  Panel panel_ = *load_panel("panel-8-portrait");
  std::unique_ptr<Fonts> fonts_ = *Fonts::open();
};

TEST_F(Pages, that_can_be_used_are_told_from_those_that_cannot) {
  EXPECT_EQ(flaw(R"("words":{"end":{"ja":"やめる"}})"), "");
  EXPECT_THAT(flaw(R"("words":{"end":{"en":"Please press here to end it all"}})"),
              HasSubstr("is wider than its place"));
  std::string body;
  for (int i = 0; i < 280; ++i) body += "長";
  EXPECT_THAT(flaw(R"("screens":{"consent_diagnosis":{"body":{"ja":")" + body + "\"}}}"),
              HasSubstr("page consent_diagnosis in ja"));
  EXPECT_THAT(flaw(R"("words":{"end":{"ja":"\uE123"}})"), HasSubstr("no type for"));
}

}  // namespace
}  // namespace shogo::reader
