#include <type_traits>

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace shogo
