#include <unistd.h>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <shogo/sim/ring_sink.h>

namespace shogo::sim {
namespace {

std::string name(const char* test) {
  return fmt::format("/shogo-feed-{}-{}", test, ::getpid());
}
FeedFrame frame(std::uint64_t number, std::string truth) {
  return {number, Nanoseconds{100}, Nanoseconds{7}, {{2, 2, 3, Bytes(12, 9)}, std::move(truth)}};
}

TEST(RingSink, who_reads_a_frame_finds_its_truth_and_the_frames_ring_holds_none) {
  auto sink = RingSink::create(name("truth"), 2, 2).value();
  ASSERT_TRUE(sink->take(frame(1, "{\"a\":1}")).ok());
  ASSERT_TRUE(sink->take(frame(5, "{\"a\":5}")).ok());
  const auto reader = contract::FrameRingReader::open(name("truth")).value();
  const auto seen = reader->latest();
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->number, 5U);
  EXPECT_EQ(seen->timestamp_ns, 7U);
  const auto truth = TruthRing::open(name("truth")).value();
  EXPECT_EQ(truth.of_frame(5), "{\"a\":5}");
  EXPECT_EQ(truth.of_frame(1), "{\"a\":1}");
  EXPECT_FALSE(truth.of_frame(2).has_value());
  EXPECT_EQ(truth_ring_name("/x"), "/x.truth");
}

TEST(RingSink, keeps_the_last_64_truths) {
  auto sink = RingSink::create(name("last"), 2, 2).value();
  for (std::uint64_t i = 1; i <= 100; ++i) ASSERT_TRUE(sink->take(frame(i, std::to_string(i))).ok());
  const auto truth = TruthRing::open(name("last")).value();
  EXPECT_FALSE(truth.of_frame(36).has_value());
  EXPECT_EQ(truth.of_frame(37), "37");
}

TEST(RingSink, a_truth_that_does_not_fit_is_an_error) {
  auto sink = RingSink::create(name("long"), 2, 2).value();
  EXPECT_EQ(sink->take(frame(1, std::string(20'000, 'x'))).error().code(), Code::kInvalid);
}

TEST(TruthRing, of_no_feed_is_not_found) {
  EXPECT_EQ(TruthRing::open(name("none")).error().code(), Code::kNotFound);
}

}  // namespace
}  // namespace shogo::sim
