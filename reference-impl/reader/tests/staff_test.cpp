// What the clinic's staff see of the reader and may do to it (3-21, 1-22).
#include "device_bench.h"
#include "staff/mirror.h"
#include "staff/settings_store.h"
#include <fstream>

#include <gtest/gtest.h>

namespace shogo::reader {
namespace {

using contract::State;

TEST(Mirror, whatever_a_patient_types_the_staff_see_the_same) {
  PageInput one;
  one.screen = "pin";
  PageInput other = one;
  other.screen = "pin_again";
  other.typed = 3;
  other.may_finish = true;
  other.pressed = "key_7";
  other.layout = {3, 1, 4, 5, 9, 2, 6, 8, 7, 0};
  other.tries_left = 1;
  other.ending_soon = other.keypad_gone = other.key_legends = other.may_go_back = true;
  other.steps_passed = 1;
  EXPECT_EQ(mirrored(one, State::kPin), mirrored(other, State::kPin));
}

TEST(Mirror, whichever_question_is_asked_and_however_it_is_answered_the_staff_see_the_same) {
  PageInput first;
  first.screen = "consent_bundle";
  const PageInput seen = mirrored(first, State::kConsentBundle);
  for (const auto& [screen, state] :
       {std::pair{"consent_operations", State::kConsentOperations},
        std::pair{"consent_specific", State::kConsentSpecific},
        std::pair{"consent_referral", State::kConsentReferral},
        std::pair{"register_ask", State::kRegisterAsk}, std::pair{"expired_grace", State::kExpiryNotice}}) {
    PageInput other;
    other.screen = screen;
    other.pressed = "agree";
    other.may_go_back = true;
    EXPECT_EQ(mirrored(other, state), seen) << screen;
  }
}

TEST(Mirror, a_finger_on_any_page_is_not_seen) {
  PageInput page;
  page.screen = "method";
  PageInput pressed = page;
  pressed.pressed = "pin";
  EXPECT_EQ(mirrored(page, State::kMethod), mirrored(pressed, State::kMethod));
}

TEST(Mirror, parts_are_short_enough_for_the_link_and_make_the_picture_again) {
  Bytes png(50'000);
  for (std::size_t i = 0; i < png.size(); ++i) png[i] = static_cast<std::uint8_t>(i * 7);
  Bytes together;
  const auto parts = mirror_parts(5, png);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    EXPECT_LT(boost::json::serialize(parts[i]).size(), contract::kLinkMaxPayload);
    EXPECT_EQ(parts[i].at("last").as_bool(), i + 1 == parts.size());
    append(together, *from_base64(std::string(parts[i].at("data").as_string())));
  }
  EXPECT_EQ(together, png);
}

TEST(SettingsStore, given_nothing_stored_then_no_changes) {
  const auto folder = *TemporaryFolder::create("settings");
  EXPECT_TRUE(SettingsStore(folder.path() / "new").load()->empty());
  EXPECT_TRUE(SettingsStore("").load().ok());
}

TEST(SettingsStore, what_was_stored_is_there_after_a_restart) {
  const auto folder = *TemporaryFolder::create("settings");
  const json::object changes{{"text_idle", "<b>診察券</b>もお出しください 𠮷"}};
  ASSERT_TRUE(SettingsStore(folder.path() / "s").save(changes).ok());
  EXPECT_EQ(*SettingsStore(folder.path() / "s").load(), changes);
}

TEST(SettingsStore, a_broken_file_is_told_of) {
  const auto folder = *TemporaryFolder::create("settings");
  std::ofstream(folder.path() / "settings.json") << R"({"unknown": 1})";
  EXPECT_FALSE(SettingsStore(folder.path().string()).load().ok());
}

class StaffTest : public testing::Test {
 protected:
  StaffTest() {
    harness_.hello();
    harness_.call("reset", {{"level", "app"}});
  }
  /// The newest message of this type that the reader has sent to the host, once there are so many.
  json::object told(std::string_view type, std::size_t count = 1) {
    for (;;) {
      std::vector<json::object> found;
      for (const json::object& message : bench_.host().messages())
        if (message.contains("type") && message.at("type") == json::string_view(type))
          found.push_back(message);
      if (found.size() >= count) return found.back();
      harness_.call("ping");
    }
  }
  std::size_t offers_ = 0;
  Bench bench_;
  Harness harness_{bench_};
};

TEST_F(StaffTest, the_host_hears_of_settings_and_phase_as_soon_as_it_is_there) {
  EXPECT_EQ(told("settings").at("settings").as_object(), print_settings(Settings{}));
  while (told("activity").at("phase") != "idle") harness_.call("ping");
}

TEST_F(StaffTest, the_language_key_goes_round_what_the_clinic_offers) {
  const auto language = [&] { return harness_.call("get_ui_tree").at("lang").as_string(); };
  const auto offer = [&](json::array codes) {
    const std::size_t answers = offers_++;
    bench_.host().send(
        {{"type", "set_settings"}, {"request", 9}, {"settings", {{"languages", std::move(codes)}}}});
    EXPECT_FALSE(told("done", answers + 1).contains("error"));
  };
  for (const char* next : {"en", "zh", "ko", "ja"}) {
    harness_.tap("language");
    EXPECT_EQ(language(), next);
  }
  offer({"ja", "ko"});
  harness_.tap("language");
  EXPECT_EQ(language(), "ko");
  offer({"ja", "zh"});
  EXPECT_EQ(language(), "ja") << "what is offered no longer is not shown any longer";
  harness_.tap("language");
  EXPECT_EQ(language(), "zh");
  offer({"ja"});
  const json::value tree = harness_.call("get_ui_tree");
  for (const json::value& node : tree.at("nodes").as_array()) EXPECT_NE(node.at("id"), "language");
}

TEST_F(StaffTest, japanese_is_always_offered_and_an_unknown_language_is_refused_with_the_known_ones) {
  bench_.host().send({{"type", "set_settings"}, {"request", 1}, {"settings", {{"languages", {"en", "ko"}}}}});
  EXPECT_NE(told("done").at("error").as_string().find("Japanese cannot be taken away"), std::string::npos);
  bench_.host().send({{"type", "set_settings"}, {"request", 2}, {"settings", {{"languages", {"ja", "fr"}}}}});
  EXPECT_NE(told("done", 2).at("error").as_string().find("ja, en, zh, ko"), std::string::npos);
  EXPECT_EQ(harness_.call("get_settings").at("languages"), (json::array{"ja", "en", "zh", "ko"}));
}

TEST_F(StaffTest, settings_from_the_host_are_taken_or_refused_with_the_reason) {
  bench_.host().send({{"type", "set_settings"}, {"request", 7}, {"settings", {{"text_idle", "診察券も"}}}});
  const json::object done = told("done");
  EXPECT_EQ(done.at("request"), 7);
  EXPECT_FALSE(done.contains("error"));
  EXPECT_EQ(harness_.call("get_settings").at("text_idle"), "診察券も");
  bench_.host().send({{"type", "set_settings"}, {"request", 8}, {"settings", {{"random_keypd", true}}}});
  EXPECT_NE(told("done", 2).at("error").as_string().find("random_keypd"), std::string::npos);
}

TEST_F(StaffTest, pictures_come_only_while_the_mirror_is_on) {
  while (told("activity").at("phase") != "idle") harness_.call("ping");
  for (const json::object& message : bench_.host().messages()) EXPECT_NE(message.at("type"), "mirror_part");
  bench_.host().send({{"type", "mirror"}, {"on", true}});
  EXPECT_GT(told("mirror_part").at("seq").as_int64(), 0);
}

}  // namespace
}  // namespace shogo::reader
