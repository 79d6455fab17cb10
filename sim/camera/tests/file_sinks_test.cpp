#include <csignal>
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <shogo/base/file.h>
#include <shogo/sim/file_sinks.h>
#include <shogo/sim/yuv.h>

namespace shogo::sim {
namespace {

namespace fs = std::filesystem;

Picture at(Nanoseconds time) {
  const auto ms = static_cast<std::uint8_t>(time / milliseconds{1});
  return {{4, 2, 3, Bytes(24, ms)}, "{\"ms\":" + std::to_string(ms) + "}"};
}
bool go_on(std::uint64_t /*unused*/) {
  return true;
}
Result<Bytes> raw(const Image& image) {
  return image.pixels;
}

class FileSinks : public testing::Test {
 protected:
  Result<void> write(FrameSink& sink, int threads = 1, const KeepGoing& keep_going = go_on) {
    FrameSink* one = &sink;
    return record(at, {50, 6, threads, 2}, {&one, 1}, keep_going);
  }
  /// Names in the folder, in order.
  [[nodiscard]] std::vector<std::string> names(const fs::path& folder) const {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(folder)) all.push_back(entry.path().filename().string());
    std::sort(all.begin(), all.end());
    return all;
  }
  TemporaryFolder temporary_ = TemporaryFolder::create("shogo-files").value();
  fs::path file_ = temporary_.path() / "feed.y4m";
};

TEST_F(FileSinks, a_y4m_holds_its_frames_and_their_truth_lies_beside_it) {
  ASSERT_TRUE(write(*y4m_sink(file_, 4, 2, 50).value()).ok());
  const Bytes bytes = read_file(file_).value();
  std::string expected = "YUV4MPEG2 W4 H2 F50:1 Ip A1:1 C420jpeg XCOLORRANGE=LIMITED\n";
  for (int i = 0; i < 6; ++i) {
    expected += "FRAME\n";
    expected += as_text(to_yuv420(at(milliseconds{20} * i).image));
  }
  EXPECT_EQ(as_text(bytes), expected);
  const std::string truth = read_text(temporary_.path() / "feed.y4m.truth.jsonl").value();
  EXPECT_EQ(truth.substr(0, truth.find('\n')), "{\"number\":1,\"frame\":{\"ms\":0}}");
  EXPECT_EQ(std::count(truth.begin(), truth.end(), '\n'), 6);
}

TEST_F(FileSinks, the_same_bytes_with_one_thread_and_with_four) {
  ASSERT_TRUE(write(*y4m_sink(file_, 4, 2, 50).value(), 1).ok());
  const fs::path other = temporary_.path() / "other.y4m";
  ASSERT_TRUE(write(*y4m_sink(other, 4, 2, 50).value(), 4).ok());
  EXPECT_EQ(read_file(file_).value(), read_file(other).value());
}

TEST_F(FileSinks, a_recording_that_is_stopped_leaves_nothing_that_looks_finished) {
  ASSERT_FALSE(write(*y4m_sink(file_, 4, 2, 50).value(), 1, [](std::uint64_t n) { return n < 3; }).ok());
  EXPECT_TRUE(names(temporary_.path()).empty());
}

TEST_F(FileSinks, a_full_disk_is_said_and_leaves_nothing_behind) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = before;
  small.rlim_cur = 100;  // the header and a frame
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto written = write(*y4m_sink(file_, 4, 2, 50).value());
  ::setrlimit(RLIMIT_FSIZE, &before);
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code(), Code::kExhausted) << written.error().describe();
  EXPECT_TRUE(names(temporary_.path()).empty());
}

TEST_F(FileSinks, a_folder_gets_numbered_pictures_and_a_list_at_the_end) {
  const fs::path folder = temporary_.path() / "frames";
  ASSERT_TRUE(write(*sequence_sink(folder, "raw", raw).value()).ok());
  const auto all = names(folder);
  ASSERT_EQ(all.size(), 7U);
  EXPECT_EQ(all.front(), "frame-000001.raw");
  EXPECT_EQ(all.back(), "truth.jsonl");
  EXPECT_EQ(read_file(folder / "frame-000003.raw").value(), at(milliseconds{40}).image.pixels);
  EXPECT_EQ(sequence_sink(folder, "raw", raw).error().code(), Code::kConflict);
}

TEST_F(FileSinks, an_unfinished_folder_has_no_list_and_may_be_written_again) {
  const fs::path folder = temporary_.path() / "frames";
  ASSERT_FALSE(
      write(*sequence_sink(folder, "raw", raw).value(), 1, [](std::uint64_t n) { return n < 2; }).ok());
  EXPECT_FALSE(fs::exists(folder / "truth.jsonl"));
  EXPECT_TRUE(write(*sequence_sink(folder, "raw", raw).value()).ok());
}

TEST_F(FileSinks, odd_sides_and_places_that_cannot_be_written_are_refused) {
  EXPECT_EQ(y4m_sink(file_, 5, 2, 30).error().code(), Code::kInvalid);
  EXPECT_EQ(y4m_sink("/nonexistent/a.y4m", 4, 2, 30).error().code(), Code::kDenied);
  EXPECT_EQ(sequence_sink("/proc/nowhere", "raw", raw).error().code(), Code::kDenied);
}

/// PATH leads to a program that plays ffmpeg.
class Mp4 : public FileSinks {
 protected:
  Mp4() {
    before_ = std::getenv("PATH");
    mp4_ = temporary_.path() / "feed.mp4";
  }
  ~Mp4() override { ::setenv("PATH", before_.c_str(), 1); }
  void play_ffmpeg(const std::string& script) {
    fs::create_directories(bin());
    std::ofstream(bin() / "ffmpeg") << "#!/bin/sh\n" << script << "\n";
    fs::permissions(bin() / "ffmpeg", fs::perms::owner_all);
    ::setenv("PATH", (bin().string() + ":" + before_).c_str(), 1);
  }
  [[nodiscard]] fs::path bin() const { return temporary_.path() / "bin"; }
  std::string before_;
  fs::path mp4_;
};

TEST_F(Mp4, what_ffmpeg_gets_is_the_y4m) {
  // The last argument is where it writes: "file:PATH".
  play_ffmpeg("for last; do :; done; exec cat <&3 >\"${last#file:}\"");
  ASSERT_TRUE(write(*mp4_sink(mp4_, 4, 2, 50).value()).ok());
  ASSERT_TRUE(write(*y4m_sink(file_, 4, 2, 50).value()).ok());
  EXPECT_EQ(read_file(mp4_).value(), read_file(file_).value());
  EXPECT_TRUE(fs::exists(temporary_.path() / "feed.mp4.truth.jsonl"));
}

TEST_F(Mp4, without_ffmpeg_says_what_to_do) {
  ::setenv("PATH", temporary_.path().c_str(), 1);
  const auto sink = mp4_sink(mp4_, 4, 2, 50);
  ASSERT_FALSE(sink.ok());
  EXPECT_EQ(sink.error().code(), Code::kUnavailable);
  EXPECT_NE(sink.error().message().find(".y4m"), std::string::npos);
}

TEST_F(Mp4, an_ffmpeg_that_fails_is_quoted_and_leaves_no_file) {
  play_ffmpeg("cat <&3 >/dev/null; echo 'Unknown encoder libx264' >&2; exit 1");
  const auto written = write(*mp4_sink(mp4_, 4, 2, 50).value());
  ASSERT_FALSE(written.ok());
  EXPECT_NE(written.error().message().find("Unknown encoder"), std::string::npos)
      << written.error().describe();
  EXPECT_EQ(names(temporary_.path()), (std::vector<std::string>{"bin"}));
}

TEST_F(Mp4, an_ffmpeg_that_dies_under_us_is_an_error_and_no_signal) {
  play_ffmpeg("exec 3<&-; echo 'no room' >&2; exit 3");
  const auto sink = mp4_sink(mp4_, 4, 2, 50);
  if (sink.ok()) {
    EXPECT_FALSE(write(**sink).ok());
  }
  EXPECT_FALSE(fs::exists(mp4_));
}

TEST_F(Mp4, that_is_stopped_takes_ffmpeg_with_it) {
  play_ffmpeg("for last; do :; done; cat <&3 >\"${last#file:}\"");
  ASSERT_FALSE(write(*mp4_sink(mp4_, 4, 2, 50).value(), 1, [](std::uint64_t n) { return n < 3; }).ok());
  EXPECT_EQ(names(temporary_.path()), (std::vector<std::string>{"bin"}));
}

}  // namespace
}  // namespace shogo::sim
