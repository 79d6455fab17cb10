#include <algorithm>
#include <csignal>
#include <type_traits>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <shogo/base/file.h>
#include <shogo/base/log.h>
#include <shogo/base/secret.h>

namespace shogo {
namespace {

// The promise of log.h, checked by the compiler: run-time text, bytes and secrets are not log values.
static_assert(!std::is_constructible_v<LogField, Literal, std::string>);
static_assert(!std::is_constructible_v<LogField, Literal, const char*>);
static_assert(!std::is_constructible_v<LogField, Literal, std::string_view>);
static_assert(!std::is_constructible_v<LogField, Literal, Secret>);
static_assert(!std::is_constructible_v<LogField, Literal, std::vector<std::uint8_t>>);
static_assert(!std::is_constructible_v<Literal, std::string>);

TEST(Log, writes_one_json_line_a_record) {
  VirtualClock clock(parse_jst("2026-04-01T09:00:00"));
  MemorySink sink;
  Log log(clock, sink, "reader");
  log.write("state", {{"name", "pin"}, {"tries_left", 3}, {"touch", true}});
  EXPECT_EQ(sink.lines(),
            std::vector<std::string>{R"({"t":"2026-04-01T09:00:00+09:00","seq":0,"component":"reader",)"
                                     R"("event":"state","name":"pin","tries_left":3,"touch":true})"});
}

TEST(PublicText, takes_identities_and_refuses_names_and_digit_runs) {
  EXPECT_TRUE(PublicText::device_identity("shogo-reader 0.1.0").ok());
  EXPECT_FALSE(PublicText::device_identity("照合太郎").ok());
  EXPECT_FALSE(PublicText::device_identity("pin 1234").ok());
  EXPECT_FALSE(PublicText::device_identity("").ok());
  EXPECT_FALSE(PublicText::device_identity(std::string(65, 'a')).ok());
}

TEST(FileSink, rotates_and_stays_bounded) {
  auto folder = TemporaryFolder::create("shogo-log-test").value();
  const std::string path = (folder.path() / "log").string();
  auto sink = FileSink::open(path, 100).value();
  for (int i = 0; i < 50; ++i) sink->write_line("0123456789012345678");
  EXPECT_LE(std::filesystem::file_size(path), 100U);
  EXPECT_LE(std::filesystem::file_size(path + ".1"), 100U);
}

/// A quota of this process: what lies beyond it in a file cannot be written (EFBIG), as on a full storage.
class Quota {
 public:
  explicit Quota(std::size_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~Quota() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  Quota(const Quota&) = delete;
  Quota& operator=(const Quota&) = delete;

 private:
  rlimit before_{};
};

class FullStorage : public testing::Test {
 protected:
  TemporaryFolder folder_ = TemporaryFolder::create("shogo-log-test").value();
  std::string path_ = (folder_.path() / "log").string();
  [[nodiscard]] std::string stored() const { return read_text(path_).value(); }
};

TEST_F(FullStorage, a_line_that_does_not_fit_waits_whole_and_follows_once_there_is_room) {
  auto sink = FileSink::open(path_).value();
  sink->write_line("one");
  {
    const Quota quota(6);  // "one\n" and half of what comes
    sink->write_line("three");
    EXPECT_FALSE(sink->catch_up());
    EXPECT_EQ(stored(), "one\n") << "no half line";
    sink->write_line("four");
  }
  EXPECT_TRUE(sink->catch_up());
  EXPECT_EQ(stored(), "one\nthree\nfour\n");
  EXPECT_EQ(sink->take_lost(), 0U);
}

TEST_F(FullStorage, a_line_after_the_room_is_back_comes_behind_those_that_waited) {
  auto sink = FileSink::open(path_).value();
  {
    const Quota quota(0);
    sink->write_line("one");
  }
  sink->write_line("two");
  EXPECT_EQ(stored(), "one\ntwo\n");
}

TEST_F(FullStorage, the_backlog_is_bounded_keeps_the_oldest_and_counts_what_is_gone) {
  auto sink = FileSink::open(path_, FileSink::kLimit, 8).value();
  {
    const Quota quota(0);
    for (const char* line : {"one", "two", "three"}) sink->write_line(line);
    EXPECT_EQ(sink->take_lost(), 0U) << "not before the gap has its place in the file";
  }
  EXPECT_TRUE(sink->catch_up());
  EXPECT_EQ(stored(), "one\ntwo\n");
  EXPECT_EQ(sink->take_lost(), 1U);
  EXPECT_EQ(sink->take_lost(), 0U);
}

TEST_F(FullStorage, the_log_says_where_records_are_missing_and_how_many) {
  VirtualClock clock(parse_jst("2026-04-01T09:00:00"));
  auto sink = FileSink::open(path_, FileSink::kLimit, 100).value();
  Log log(clock, *sink, "reader");
  {
    const Quota quota(0);
    for (int i = 0; i < 3; ++i) log.write("touch");
    EXPECT_FALSE(log.catch_up());
  }
  EXPECT_TRUE(log.catch_up());
  log.write("later");
  const std::string text = stored();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3) << text;
  EXPECT_NE(text.find(R"("seq":0,"component":"reader","event":"touch")"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("event":"records_lost","count":2)"), std::string::npos) << text;
  EXPECT_LT(text.find("records_lost"), text.find("later"));
}

TEST_F(FullStorage, a_file_that_rotates_loses_nothing_of_the_backlog) {
  auto sink = FileSink::open(path_, 10).value();
  {
    const Quota quota(0);
    for (const char* line : {"first", "second", "third"}) sink->write_line(line);
  }
  EXPECT_TRUE(sink->catch_up());
  EXPECT_EQ(read_text(path_ + ".1").value() + stored(), "second\nthird\n") << "bounded at two files";
}

TEST(FileSink, an_end_that_was_cut_off_is_removed_and_told) {
  auto folder = TemporaryFolder::create("shogo-log-test").value();
  const std::string path = (folder.path() / "log").string();
  const std::string longer_than_a_piece(5'000, 'x');
  for (const std::string& torn : {std::string("{\"t\":\"20"), longer_than_a_piece}) {
    for (const std::string& whole : {std::string(), std::string("{}\n{}\n")}) {
      ASSERT_TRUE(write_text(path, whole + torn).ok());
      VirtualClock clock;
      auto sink = FileSink::open(path).value();
      Log log(clock, *sink, "reader");
      log.write("boot");
      const std::string text = read_text(path).value();
      EXPECT_EQ(text.substr(0, whole.size()), whole);
      EXPECT_EQ(text.find("20\n"), std::string::npos);
      EXPECT_LT(text.find(R"("event":"records_lost","count":1)"), text.find("boot")) << text;
    }
  }
}

}  // namespace
}  // namespace shogo
