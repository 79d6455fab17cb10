#include "management/management.h"

#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>

namespace shogo::agent {
namespace {

constexpr std::uint16_t kPort = 4700;
constexpr const char* kPassword = "correct horse battery";

class ManagementTest : public testing::Test {
 protected:
  ManagementTest() {
    start();
    desk_.connected();
    desk_.message({{"type", "settings"}, {"settings", {{"random_keypad", false}}}});
  }
  static WebRequest request(const std::string& method, const std::string& target,
                            const json::value& body = {}) {
    WebRequest made;
    made.method = method;
    made.host = "127.0.0.1:4700";
    EXPECT_TRUE(read_target(target, made).ok()) << target;
    if (!body.is_null()) {
      made.content_type = "application/json";
      made.body = json::serialize(body);
    }
    return made;
  }
  WebAnswer ask(WebRequest asked, std::uint16_t port = kPort) {
    std::optional<WebAnswer> got;
    management_->handle(std::move(asked), port, [&](WebAnswer answer) {
      EXPECT_FALSE(got.has_value());
      got = std::move(answer);
    });
    return got.value_or(WebAnswer{0, "", "", {}});
  }
  WebAnswer ask(const std::string& method, const std::string& target, const json::value& body = {}) {
    WebRequest asked = request(method, target, body);
    asked.token = token_;
    asked.proof = proof_;
    return ask(std::move(asked));
  }
  unsigned login(const std::string& password) {
    const WebAnswer answer = ask(request("POST", "/api/login", {{"password", password}}));
    if (answer.status != 200) return answer.status;
    proof_ = parse_json(answer.body, "answer")->at("proof").as_string();
    for (const auto& [name, value] : answer.headers)
      if (name == "Set-Cookie") token_ = session_cookie(value);
    return answer.status;
  }
  void log_in() {
    ASSERT_EQ(login(*read_text(folder_.path() / "m" / "first-password.txt")), 200U);
    ASSERT_EQ(ask("POST", "/api/password",
                  {{"old", *read_text(folder_.path() / "m" / "first-password.txt")}, {"new", kPassword}})
                  .status,
              200U);
    ASSERT_EQ(login(kPassword), 200U);
  }
  [[nodiscard]] std::string audit() const {
    std::string all;
    for (const std::string& line : sink_.lines()) all += line + "\n";
    return all;
  }

  TemporaryFolder folder_ = *TemporaryFolder::create("management");
  VirtualClock clock_{parse_jst("2026-04-01")};
  MemorySink sink_;
  Log log_{clock_, sink_, "management"};
  VisualCheck visual_check_{clock_};
  std::vector<json::object> sent_;
  ReaderDesk desk_{clock_, [this](json::object body) { sent_.push_back(std::move(body)); }};
  /// The host agent starts, or starts again; machine time begins anew with the machine.
  void start() {
    management_.emplace(*Passwords::open(folder_.path() / "m", {16, 1, 1}), desk_, visual_check_,
                        AboutAgent{"agent", "fund", "", ""}, ManagementHooks{}, clock_, log_);
  }
  std::optional<Management> management_;
  std::string token_, proof_;
};

const std::pair<const char*, const char*> kDoors[] = {
    {"GET", "/api/status"},     {"GET", "/api/settings"},      {"GET", "/api/logs"},
    {"GET", "/api/mirror.png"}, {"POST", "/api/restart"},      {"POST", "/api/settings"},
    {"POST", "/api/password"},  {"POST", "/api/visual-check"}, {"POST", "/api/logout"},
};

TEST_F(ManagementTest, without_a_login_every_door_is_shut) {
  for (const auto& [method, path] : kDoors) EXPECT_EQ(ask(method, path, json::object{}).status, 401U) << path;
  EXPECT_FALSE(visual_check_.armed());
  EXPECT_TRUE(sent_.empty());
}

TEST_F(ManagementTest, the_one_time_secret_opens_nothing_but_the_setting_of_a_password) {
  ASSERT_EQ(login(*read_text(folder_.path() / "m" / "first-password.txt")), 200U);
  for (const auto& [method, path] : kDoors) {
    if (std::string_view(path) == "/api/password" || std::string_view(path) == "/api/logout") continue;
    EXPECT_EQ(ask(method, path, json::object{}).status, 403U) << path;
  }
}

TEST_F(ManagementTest, after_a_login_the_doors_are_open) {
  log_in();
  EXPECT_EQ(ask("GET", "/api/status").status, 200U);
  EXPECT_EQ(ask("GET", "/api/settings").body, R"({"random_keypad":false})");
  EXPECT_EQ(ask("GET", "/api/logs?of=audit&lines=5").status, 200U);
  EXPECT_EQ(ask("GET", "/api/elsewhere").status, 404U);
}

TEST_F(ManagementTest, the_cookie_alone_opens_nothing) {
  log_in();
  proof_.clear();
  EXPECT_EQ(ask("GET", "/api/status").status, 401U);
}

TEST_F(ManagementTest, other_sites_and_other_names_are_refused_even_with_a_session) {
  log_in();
  const auto from = [&](auto change) {
    WebRequest asked = request("GET", "/api/status");
    asked.token = token_;
    asked.proof = proof_;
    change(asked);
    return ask(std::move(asked)).status;
  };
  EXPECT_EQ(from([](WebRequest& r) { r.origin = "http://127.0.0.1:4700"; }), 200U);
  EXPECT_EQ(from([](WebRequest& r) { r.origin = "http://evil.example"; }), 403U);
  EXPECT_EQ(from([](WebRequest& r) { r.origin = "null"; }), 403U);
  EXPECT_EQ(from([](WebRequest& r) { r.origin = "http://127.0.0.1:4701"; }), 403U);
  EXPECT_EQ(from([](WebRequest& r) { r.host = "evil.example:4700"; }), 403U);
  EXPECT_EQ(from([](WebRequest& r) { r.host = ""; }), 403U);
  EXPECT_EQ(from([](WebRequest& r) { r.fetch_site = "cross-site"; }), 403U);
  EXPECT_EQ(from([](WebRequest& r) { r.fetch_site = "same-site"; }), 403U);
  EXPECT_EQ(from([](WebRequest& r) { r.method = "PUT"; }), 405U);
}

TEST_F(ManagementTest, a_form_of_another_site_cannot_send_what_we_read) {
  WebRequest asked = request("POST", "/api/login", {{"password", kPassword}});
  asked.content_type = "text/plain";
  EXPECT_EQ(ask(std::move(asked)).status, 400U);
}

TEST_F(ManagementTest, wrong_passwords_are_slowed_down_and_a_flood_changes_nothing) {
  log_in();
  for (int i = 0; i < AttemptLimit::kFree; ++i) EXPECT_EQ(login("wrong password " + std::to_string(i)), 401U);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(login(kPassword), 429U);
  EXPECT_LT(sink_.lines().size(), 30U);
  clock_.advance(AttemptLimit::kFirstWait);
  EXPECT_EQ(login(kPassword), 200U);
}

TEST_F(ManagementTest, after_a_logout_the_old_keys_open_nothing) {
  log_in();
  EXPECT_EQ(ask("POST", "/api/logout", json::object{}).status, 200U);
  EXPECT_EQ(ask("GET", "/api/status").status, 401U);
}

TEST_F(ManagementTest, a_new_password_needs_the_old_one_and_ends_every_session) {
  log_in();
  EXPECT_EQ(ask("POST", "/api/password", {{"old", "wrong"}, {"new", "another good one"}}).status, 403U);
  EXPECT_EQ(ask("POST", "/api/password", {{"old", kPassword}, {"new", "short"}}).status, 400U);
  EXPECT_EQ(ask("POST", "/api/password", {{"old", kPassword}, {"new", "another good one"}}).status, 200U);
  EXPECT_EQ(ask("GET", "/api/status").status, 401U);
  EXPECT_EQ(login(kPassword), 401U);
  EXPECT_EQ(login("another good one"), 200U);
}

TEST_F(ManagementTest, a_restart_is_no_way_round_the_wait) {
  log_in();
  for (int i = 0; i < AttemptLimit::kFree; ++i) EXPECT_EQ(login("a wrong password"), 401U);
  EXPECT_EQ(login(kPassword), 429U);
  for (int i = 0; i < 3; ++i) {
    start();
    EXPECT_EQ(login("a wrong password"), 429U) << "restart " << i;
  }
  clock_.advance(AttemptLimit::kFirstWait + milliseconds(1));
  EXPECT_EQ(login("a wrong password"), 401U);
  start();
  clock_.advance(AttemptLimit::kFirstWait + milliseconds(1));
  EXPECT_EQ(login(kPassword), 429U) << "the wait that had doubled begins anew, not the first one";
  clock_.advance(AttemptLimit::kFirstWait);
  EXPECT_EQ(login(kPassword), 200U);
  start();
  EXPECT_EQ(login("a wrong password"), 401U) << "who knows the password has cleared the count";
}

TEST_F(ManagementTest, a_restart_after_each_free_try_makes_no_more_of_them) {
  log_in();
  for (int i = 0; i < AttemptLimit::kFree; ++i) {
    EXPECT_EQ(login("a wrong password"), 401U);
    start();
  }
  EXPECT_EQ(login(kPassword), 429U);
}

TEST_F(ManagementTest, a_count_of_attempts_that_nobody_understands_is_the_longest_wait) {
  log_in();
  for (const char* text : {"", "{}", R"({"failures":-1})", R"({"failures":"0"})", "\xff"}) {
    ASSERT_TRUE(write_text(folder_.path() / "m" / "failures.json", text).ok());
    start();
    clock_.advance(AttemptLimit::kLongestWait - milliseconds(1));
    EXPECT_EQ(login(kPassword), 429U) << text;
    clock_.advance(milliseconds(1));
    EXPECT_EQ(login(kPassword), 200U) << text;
  }
}

TEST_F(ManagementTest, the_status_tells_versions_and_what_became_of_the_last_update) {
  log_in();
  EXPECT_EQ(ask("GET", "/api/status").body.find("last_update"), std::string::npos);
  desk_.told_reader({{"type", "versions"}, {"parts", {{{"part", "card_profiles"}, {"version", "2.0.0"}}}}});
  desk_.message({{"type", "versions"}, {"parts", {{{"part", "settings"}, {"version", "1.0.0"}}}}});
  desk_.message({{"type", "update_result"},
                 {"kind", "settings"},
                 {"version", "1.1.0"},
                 {"outcome", "refused"},
                 {"reason", "replayed"}});
  const json::value told = *parse_json(ask("GET", "/api/status").body, "status");
  EXPECT_EQ(told.at("versions"), (json::object{{"card_profiles", "2.0.0"}, {"settings", "1.0.0"}}));
  EXPECT_EQ(told.at("last_update").at("outcome"), "refused");
  EXPECT_EQ(told.at("last_update").at("reason"), "replayed");
}

TEST_F(ManagementTest, settings_and_restart_wait_for_the_readers_word) {
  log_in();
  std::optional<unsigned> status;
  WebRequest asked = request("POST", "/api/settings", {{"random_keypad", true}});
  asked.token = token_;
  asked.proof = proof_;
  management_->handle(std::move(asked), kPort, [&](const WebAnswer& answer) { status = answer.status; });
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_FALSE(status.has_value());
  desk_.message({{"type", "done"}, {"request", sent_[0].at("request")}, {"error", "unknown key"}});
  EXPECT_EQ(status, 400U);
}

TEST_F(ManagementTest, only_staff_arm_the_visual_check) {
  log_in();
  EXPECT_EQ(ask("POST", "/api/visual-check", {{"armed", "yes"}}).status, 400U);
  EXPECT_EQ(ask("POST", "/api/visual-check", {{"armed", true}}).status, 200U);
  EXPECT_TRUE(visual_check_.armed());
  EXPECT_EQ(ask("POST", "/api/visual-check", {{"armed", false}}).status, 200U);
  EXPECT_FALSE(visual_check_.armed());
}

TEST_F(ManagementTest, the_audit_log_tells_who_did_what_and_no_secret) {
  log_in();
  (void)login("a wrong password");
  (void)ask("POST", "/api/visual-check", {{"armed", true}});
  (void)ask("POST", "/api/settings", {{"clinic_name", "照合医院"}});
  const std::string told = audit();
  for (const char* event : {"password_set", "\"login\"", "login_failed", "visual_check", "settings"})
    EXPECT_NE(told.find(event), std::string::npos) << event;
  for (const std::string& word :
       {std::string(kPassword), std::string("wrong password"), token_, proof_, std::string("照合")})
    EXPECT_EQ(told.find(word), std::string::npos) << word;
}

TEST(WebRequest, targets_with_escapes_or_ways_up_are_none_of_ours) {
  for (const char* bad : {"", "api", "/../etc/passwd", "/%2e%2e/", "/api//..", "/.hidden", "/api/status?x",
                          "/a?x=%", "/a?x=1&x=2", "/A", "http://elsewhere/"}) {
    WebRequest request;
    EXPECT_FALSE(read_target(bad, request).ok()) << bad;
  }
  WebRequest request;
  ASSERT_TRUE(read_target("/api/logs?of=audit&lines=7", request).ok());
  EXPECT_EQ(request.path, "/api/logs");
  EXPECT_EQ(request.query.at("lines"), "7");
}

TEST(WebRequest, our_cookie_is_found_among_others) {
  EXPECT_EQ(session_cookie("a=1; shogo_staff=abc; b=2"), "abc");
  EXPECT_EQ(session_cookie("xshogo_staff=abc"), "");
  EXPECT_EQ(session_cookie("shogo_staffx=abc"), "");
  EXPECT_EQ(session_cookie("shogo_staff"), "");
}

}  // namespace
}  // namespace shogo::agent
