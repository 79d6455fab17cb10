#include "management/passwords.h"

#include "management/attempt_limit.h"
#include "management/sessions.h"
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <shogo/base/bytes.h>
#include <shogo/base/file.h>

namespace shogo::agent {
namespace {

constexpr ScryptCost kCheap{16, 1, 1};

Secret secret(std::string_view text) {
  Secret made(text.size() + 1);
  for (const char c : text) made.push_back(static_cast<std::uint8_t>(c));
  return made;
}

class PasswordsTest : public testing::Test {
 protected:
  Passwords open() { return *Passwords::open(folder(), kCheap); }
  [[nodiscard]] std::filesystem::path folder() const { return folder_.path() / "management"; }
  TemporaryFolder folder_ = *TemporaryFolder::create("passwords");
};

TEST_F(PasswordsTest, given_a_first_start_then_a_one_time_secret_of_its_own_is_made) {
  const Passwords passwords = open();
  EXPECT_TRUE(passwords.one_time());
  const std::string first = *read_text(passwords.one_time_file());
  EXPECT_EQ(first.size(), 20U);
  EXPECT_TRUE(passwords.matches(secret(first)));
  const auto other = *TemporaryFolder::create("passwords");
  EXPECT_FALSE(Passwords::open(other.path() / "m", kCheap)->matches(secret(first)));
}

TEST_F(PasswordsTest, nobody_else_may_read_the_files) {
  const Passwords passwords = open();
  for (const auto& file : {passwords.one_time_file(), folder() / "password.json"}) {
    struct stat about {};
    ASSERT_EQ(::stat(file.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0600U) << file;
  }
}

TEST_F(PasswordsTest, no_password_is_known_that_nobody_has_set) {
  const Passwords passwords = open();
  for (const char* guess : {"", "admin", "password", "shogo", "00000000", "changeme"})
    EXPECT_FALSE(passwords.matches(secret(guess))) << guess;
}

TEST_F(PasswordsTest, given_a_new_password_then_only_it_counts_and_survives_a_restart) {
  Passwords passwords = open();
  const std::string first = *read_text(passwords.one_time_file());
  ASSERT_TRUE(passwords.set(secret("長いパスワードは良いものです")).ok());
  EXPECT_FALSE(std::filesystem::exists(passwords.one_time_file()));
  const Passwords again = open();
  EXPECT_FALSE(again.one_time());
  EXPECT_TRUE(again.matches(secret("長いパスワードは良いものです")));
  EXPECT_FALSE(again.matches(secret(first)));
}

TEST_F(PasswordsTest, the_file_does_not_hold_the_password) {
  Passwords passwords = open();
  ASSERT_TRUE(passwords.set(secret("correct horse battery")).ok());
  EXPECT_EQ(read_text(folder() / "password.json")->find("horse"), std::string::npos);
}

TEST_F(PasswordsTest, weak_passwords_are_refused_and_the_old_one_stays) {
  Passwords passwords = open();
  ASSERT_TRUE(passwords.set(secret("correct horse battery")).ok());
  for (const std::string& weak :
       {std::string("elevenchars"), std::string("aaaaaaaaaaaaaaaa"), std::string(129, 'x'),
        std::string("correct horse battery"), std::string("with\na new line")})
    EXPECT_EQ(passwords.set(secret(weak)).error().code(), Code::kInvalid) << weak;
  EXPECT_TRUE(passwords.set(secret("twelve chars")).ok());
}

TEST_F(PasswordsTest, given_a_broken_file_then_no_start_instead_of_an_open_door) {
  (void)open();
  for (const char* text :
       {"", "{}", R"({"version":1,"n":16,"r":1,"p":1,"salt":"","hash":"","one_time":false})"}) {
    std::ofstream(folder() / "password.json") << text;
    EXPECT_FALSE(Passwords::open(folder(), kCheap).ok()) << text;
  }
}

TEST(AttemptLimit, some_tries_are_free_then_every_wrong_one_doubles_the_wait) {
  AttemptLimit limit;
  const Nanoseconds now{std::chrono::hours(1)};
  for (int i = 1; i < AttemptLimit::kFree; ++i) {
    limit.failed(now);
    EXPECT_EQ(limit.wait(now).count(), 0);
  }
  limit.failed(now);
  EXPECT_EQ(limit.wait(now), AttemptLimit::kFirstWait);
  EXPECT_EQ(limit.wait(now + AttemptLimit::kFirstWait).count(), 0);
  limit.failed(now);
  EXPECT_EQ(limit.wait(now), 2 * AttemptLimit::kFirstWait);
  for (int i = 0; i < 100; ++i) limit.failed(now);
  EXPECT_EQ(limit.wait(now), AttemptLimit::kLongestWait);
  limit.succeeded();
  EXPECT_EQ(limit.wait(now).count(), 0);
}

TEST(Sessions, a_session_needs_both_of_its_keys) {
  Sessions sessions;
  const Nanoseconds now{0};
  const SessionKeys one = sessions.begin(now);
  const SessionKeys other = sessions.begin(now);
  EXPECT_TRUE(sessions.known(one.token, one.proof, now));
  EXPECT_FALSE(sessions.known(one.token, other.proof, now));
  EXPECT_FALSE(sessions.known(one.token, "", now));
  EXPECT_FALSE(sessions.known("", "", now));
}

TEST(Sessions, a_session_ends_by_logout_idleness_and_age) {
  Sessions sessions;
  const SessionKeys one = sessions.begin(Nanoseconds{0});
  sessions.end(one.token);
  EXPECT_FALSE(sessions.known(one.token, one.proof, Nanoseconds{0}));
  const SessionKeys idle = sessions.begin(Nanoseconds{0});
  EXPECT_FALSE(sessions.known(idle.token, idle.proof, Sessions::kIdle + milliseconds(1)));
  const SessionKeys busy = sessions.begin(Nanoseconds{0});
  Nanoseconds now{0};
  while (now + Sessions::kIdle <= Sessions::kLongest) {
    now += Sessions::kIdle;
    EXPECT_TRUE(sessions.known(busy.token, busy.proof, now));
  }
  EXPECT_FALSE(sessions.known(busy.token, busy.proof, Sessions::kLongest + milliseconds(1)));
}

TEST(Sessions, there_are_never_more_than_a_few) {
  Sessions sessions;
  const SessionKeys first = sessions.begin(Nanoseconds{0});
  for (std::size_t i = 0; i < Sessions::kMost; ++i) (void)sessions.begin(Nanoseconds{0});
  EXPECT_EQ(sessions.size(), Sessions::kMost);
  EXPECT_FALSE(sessions.known(first.token, first.proof, Nanoseconds{0}));
}

}  // namespace
}  // namespace shogo::agent
