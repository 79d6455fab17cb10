#include "management/reader_desk.h"

#include <vector>

#include <gtest/gtest.h>

namespace shogo::agent {
namespace {

namespace json = boost::json;

class ReaderDeskTest : public testing::Test {
 protected:
  [[nodiscard]] std::string last_type() const {
    return sent_.empty() ? "" : std::string(sent_.back().at("type").as_string());
  }
  json::object part(std::int64_t seq, std::string_view bytes, bool last) {
    return {{"type", "mirror_part"}, {"seq", seq}, {"data", to_base64(as_bytes(bytes))}, {"last", last}};
  }
  VirtualClock clock_;
  std::vector<json::object> sent_;
  ReaderDesk desk_{clock_, [this](json::object body) { sent_.push_back(std::move(body)); }};
};

TEST_F(ReaderDeskTest, tells_what_the_reader_told) {
  desk_.connected();
  desk_.message({{"type", "hello"}, {"serial", "S-1"}, {"fw", "0.1.0"}});
  desk_.message({{"type", "activity"}, {"phase", "identity"}, {"fault", "205"}, {"lang", "ja"}});
  const ReaderStatus status = desk_.status();
  EXPECT_TRUE(status.connected);
  EXPECT_EQ(status.serial, "S-1");
  EXPECT_EQ(status.firmware, "0.1.0");
  EXPECT_EQ(status.phase, "identity");
  EXPECT_EQ(status.fault, "205");
}

TEST_F(ReaderDeskTest, a_phase_that_is_none_is_not_passed_on) {
  desk_.connected();
  desk_.message({{"type", "activity"}, {"phase", "consent_diagnosis_agreed"}});
  EXPECT_EQ(desk_.status().phase, "unknown");
  desk_.message({{"type", "hello"}, {"serial", "<script>"}, {"fw", std::string(65, 'x')}});
  EXPECT_EQ(desk_.status().serial, "");
  EXPECT_EQ(desk_.status().firmware, "");
}

TEST_F(ReaderDeskTest, given_the_reader_is_gone_then_nothing_old_is_told) {
  desk_.connected();
  desk_.message({{"type", "activity"}, {"phase", "idle"}});
  desk_.message({{"type", "settings"}, {"settings", {{"random_keypad", true}}}});
  ASSERT_TRUE(desk_.settings().has_value());
  desk_.lost();
  EXPECT_FALSE(desk_.status().connected);
  EXPECT_EQ(desk_.status().phase, "");
  EXPECT_FALSE(desk_.settings().has_value());
}

TEST_F(ReaderDeskTest, an_answer_reaches_who_asked_and_nobody_twice) {
  desk_.connected();
  int good = 0, bad = 0;
  desk_.change_settings({{"random_keypad", true}},
                        [&](const Result<void>& done) { ++(done.ok() ? good : bad); });
  desk_.restart([&](const Result<void>& done) { ++(done.ok() ? good : bad); });
  ASSERT_EQ(sent_.size(), 2U);
  const json::object refused{{"type", "done"}, {"request", sent_[0].at("request")}, {"error", "unknown key"}};
  desk_.message(refused);
  desk_.message(refused);
  EXPECT_EQ(bad, 1);
  desk_.message({{"type", "done"}, {"request", sent_[1].at("request")}});
  EXPECT_EQ(good, 1);
}

TEST_F(ReaderDeskTest, nobody_waits_for_a_silent_or_a_lost_reader) {
  std::vector<Code> codes;
  const auto note = [&](const Result<void>& done) {
    codes.push_back(done.ok() ? Code::kInternal : done.error().code());
  };
  desk_.restart(note);
  desk_.connected();
  desk_.restart(note);
  clock_.advance(ReaderDesk::kAnswerLimit - milliseconds(1));
  desk_.look_at_the_clock();
  ASSERT_EQ(codes.size(), 1U);
  clock_.advance(milliseconds(1));
  desk_.look_at_the_clock();
  desk_.change_settings({}, note);
  desk_.lost();
  EXPECT_EQ(codes, (std::vector{Code::kUnavailable, Code::kTimeout, Code::kUnavailable}));
}

TEST_F(ReaderDeskTest, a_reader_that_goes_when_told_to_restart_has_done_what_it_was_told) {
  desk_.connected();
  bool done = false;
  desk_.restart([&](const Result<void>& result) { done = result.ok(); });
  desk_.lost();
  EXPECT_TRUE(done);
}

TEST_F(ReaderDeskTest, the_mirror_runs_only_while_somebody_looks) {
  desk_.connected();
  EXPECT_EQ(desk_.mirror().seq, 0);
  EXPECT_EQ(last_type(), "mirror");
  EXPECT_EQ(desk_.mirror().seq, 0);
  EXPECT_EQ(sent_.size(), 1U);
  clock_.advance(ReaderDesk::kMirrorLease);
  desk_.look_at_the_clock();
  ASSERT_EQ(sent_.size(), 2U);
  EXPECT_EQ(sent_.back().at("on"), json::value(false));
}

TEST_F(ReaderDeskTest, words_about_updates_come_from_a_table_and_the_package_in_force_is_no_news) {
  desk_.connected();
  desk_.message({{"type", "update_result"}, {"kind", "settings"}, {"outcome", "known"}});
  EXPECT_FALSE(desk_.status().last_update.has_value());
  desk_.told_reader({{"type", "update"},
                     {"kind", "card_profiles"},
                     {"version", "1.0.0"},
                     {"outcome", "installed"},
                     {"reason", "none"}});
  ASSERT_TRUE(desk_.status().last_update.has_value());
  EXPECT_EQ(desk_.status().last_update->kind, "card_profiles");
  desk_.message({{"type", "update_result"},
                 {"kind", "<b>"},
                 {"version", "<script>"},
                 {"outcome", 7},
                 {"reason", "because"}});
  const UpdateOutcome last = *desk_.status().last_update;
  EXPECT_EQ(last.kind + last.version + last.outcome + last.reason, "unknownunknownunknown");
  desk_.message({{"type", "versions"}, {"parts", {{{"part", "<b>"}, {"version", "<script>"}}}}});
  EXPECT_EQ(desk_.status().versions, (std::map<std::string, std::string>{{"unknown", ""}}));
}

TEST_F(ReaderDeskTest, a_reader_that_is_gone_has_no_versions_and_the_last_outcome_stays) {
  desk_.connected();
  desk_.message({{"type", "versions"}, {"parts", {{{"part", "settings"}, {"version", "1.0.0"}}}}});
  desk_.message({{"type", "update_result"}, {"kind", "settings"}, {"outcome", "installed"}});
  desk_.lost();
  EXPECT_TRUE(desk_.status().versions.empty());
  desk_.connected();
  EXPECT_TRUE(desk_.status().versions.empty());
  EXPECT_TRUE(desk_.status().last_update.has_value());
}

TEST_F(ReaderDeskTest, a_picture_is_shown_whole_or_not_at_all) {
  desk_.connected();
  (void)desk_.mirror();
  desk_.message(part(1, "\x89PNG\r\n\x1a\n", false));
  EXPECT_EQ(desk_.mirror().seq, 0);
  desk_.message(part(1, "rest", true));
  EXPECT_EQ(desk_.mirror().seq, 1);
  EXPECT_EQ(desk_.mirror().png, "\x89PNG\r\n\x1a\nrest");
  desk_.message(part(2, "\x89PNG\r\n\x1a\n", false));
  desk_.message(part(3, "the end of another", true));
  EXPECT_EQ(desk_.mirror().seq, 1);
}

TEST_F(ReaderDeskTest, a_picture_without_end_does_not_fill_the_memory) {
  desk_.connected();
  const std::string much(9'000, 'x');
  for (int i = 0; i < 100; ++i) desk_.message(part(1, much, false));
  desk_.message(part(1, "x", true));
  EXPECT_EQ(desk_.mirror().seq, 0);
}

}  // namespace
}  // namespace shogo::agent
