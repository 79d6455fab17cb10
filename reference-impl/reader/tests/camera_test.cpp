// The patient camera and its configuration, without a device around them.
#include "camera/camera.h"

#include "camera/camera_config.h"
#include <unistd.h>

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace shogo::reader {
namespace {

using contract::FrameRingWriter;

struct PatientCamera : testing::Test {
  std::string name = fmt::format("/shogo-camera-{}", ::getpid());
  VirtualClock clock;
  Camera camera{name, clock};
  PatientCamera() { clock.advance(std::chrono::hours(1)); }

  static Image grey(std::uint8_t value) { return {4, 2, 1, Bytes(8, value)}; }
  [[nodiscard]] auto feed(int width = 4, int height = 2, int channels = 1) const {
    return *FrameRingWriter::create(name, width, height, channels);
  }
  void show(FrameRingWriter& ring, std::uint8_t value, Nanoseconds behind = Nanoseconds{0}) {
    ASSERT_TRUE(ring.write(grey(value), static_cast<std::uint64_t>((clock.now() - behind).count())).ok());
  }
};

TEST_F(PatientCamera, shows_the_newest_frame_of_a_live_feed) {
  auto ring = feed();
  show(*ring, 1, milliseconds(33));
  show(*ring, 2);
  const View view = camera.look();
  EXPECT_EQ(view.sight, Sight::kLive);
  EXPECT_EQ(view.number, 2U);
  EXPECT_EQ(view.frame->image.pixels, Bytes(8, 2));
}

TEST_F(PatientCamera, without_a_feed_says_so_and_finds_the_feed_that_begins_ends_and_begins_anew) {
  EXPECT_EQ(camera.look().sight, Sight::kNoFeed);
  auto ring = feed();
  EXPECT_EQ(camera.look().sight, Sight::kNoFrame);
  show(*ring, 7);
  EXPECT_EQ(camera.look().sight, Sight::kLive);
  ring.reset();
  EXPECT_EQ(camera.look().sight, Sight::kNoFeed);
  ring = feed();
  show(*ring, 9);
  EXPECT_EQ(camera.look().frame->image.pixels, Bytes(8, 9));
  // Another writer takes the name, in another shape.
  const auto other = feed(2, 2, 3);
  ASSERT_TRUE(other->write({2, 2, 3, Bytes(12, 5)}, static_cast<std::uint64_t>(clock.now().count())).ok());
  EXPECT_EQ(camera.look().frame->image.channels, 3);
}

TEST_F(PatientCamera, a_frame_is_fresh_for_one_second_and_then_stale) {
  auto ring = feed();
  show(*ring, 1);
  clock.advance(Camera::kFreshest);
  EXPECT_EQ(camera.look().sight, Sight::kLive);
  EXPECT_EQ(camera.look().age, Nanoseconds(Camera::kFreshest));
  clock.advance(Nanoseconds(1));
  const View view = camera.look();
  EXPECT_EQ(view.sight, Sight::kStale);
  EXPECT_EQ(view.number, 1U);
  EXPECT_FALSE(view.frame.has_value());
  show(*ring, 2);
  EXPECT_EQ(camera.look().sight, Sight::kLive);
}

TEST_F(PatientCamera, a_frame_of_the_future_is_of_another_clock) {
  auto ring = feed();
  show(*ring, 1, -Camera::kAhead);
  EXPECT_EQ(camera.look().sight, Sight::kLive);
  show(*ring, 2, -Camera::kAhead - Nanoseconds(1));
  EXPECT_EQ(camera.look().sight, Sight::kOtherClock);
  EXPECT_FALSE(camera.look().frame.has_value());
  ASSERT_TRUE(ring->write(grey(3), UINT64_MAX).ok());
  EXPECT_EQ(camera.look().sight, Sight::kOtherClock);
  ASSERT_TRUE(ring->write(grey(3), 0).ok());
  EXPECT_EQ(camera.look().sight, Sight::kStale);
}

TEST_F(PatientCamera, takes_frames_of_up_to_4096_pixels_each_way) {
  auto ring = feed(4096, 1);
  EXPECT_EQ(camera.look().sight, Sight::kNoFrame);
  ring = feed(4097, 1);
  EXPECT_EQ(camera.look().sight, Sight::kUnsuitable);
  ring = feed(1, 4097);
  EXPECT_EQ(camera.look().sight, Sight::kUnsuitable);
  ring = feed();
  EXPECT_EQ(camera.look().sight, Sight::kNoFrame);
}

TEST_F(PatientCamera, a_ring_of_texts_is_unsuitable) {
  const auto texts = contract::SharedRingWriter::create(name, {2, 4, 100, {}});
  ASSERT_TRUE((*texts)->write(as_bytes("who this is"), static_cast<std::uint64_t>(clock.now().count())).ok());
  EXPECT_EQ(camera.look().sight, Sight::kUnsuitable);
}

TEST(CameraConfig, a_bench_without_cameras_has_none) {
  EXPECT_EQ(parse_camera_config(R"({"version": 1})", "bench.json")->patient_ring, "");
  EXPECT_EQ(parse_camera_config(R"({"cameras": {}})", "bench.json")->patient_ring, "");
}

TEST(CameraConfig, names_the_ring_of_the_patient_camera) {
  EXPECT_EQ(parse_camera_config(R"({"cameras": {"patient": {"ring": "/shogo-cam-0"}}})", "bench.json")
                ->patient_ring,
            "/shogo-cam-0");
}

TEST(CameraConfig, refuses_what_cannot_be_a_ring_and_what_it_does_not_know) {
  for (const char* bad :
       {R"({"cameras": []})", R"({"cameras": {"patient": "/x"}})", R"({"cameras": {"card": {"ring": "/x"}}})",
        R"({"cameras": {"patient": {}}})", R"({"cameras": {"patient": {"ring": ""}}})",
        R"({"cameras": {"patient": {"ring": "/"}}})", R"({"cameras": {"patient": {"ring": "x"}}})",
        R"({"cameras": {"patient": {"ring": "/a/b"}}})",
        R"({"cameras": {"patient": {"ring": "/../etc/passwd"}}})",
        R"({"cameras": {"patient": {"ring": "/x\u0000"}}})",
        R"({"cameras": {"patient": {"ring": "/x", "truth": "/x.truth"}}})"})
    EXPECT_FALSE(parse_camera_config(bad, "bench.json").ok()) << bad;
}

}  // namespace
}  // namespace shogo::reader
