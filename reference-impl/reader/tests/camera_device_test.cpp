// The whole firmware with a camera: frames come from another process, as those of a camera simulator do.
#include "device_bench.h"
#include <csignal>
#include <png.h>
#include <set>
#include <unistd.h>

#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <shogo/contract/frame_ring.h>
#include <shogo/contract/synthetic_portrait.h>

namespace shogo::reader {
namespace {

using contract::FrameRingWriter;

constexpr int kWidth = 64, kHeight = 48;

/// Frame n: a colour that says n, another on its right half.
Image film_frame(std::uint64_t n) {
  Image image{kWidth, kHeight, 3, Bytes(static_cast<std::size_t>(kWidth) * kHeight * 3)};
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    const bool right = i / 3 % kWidth >= kWidth / 2;
    image.pixels[i] = static_cast<std::uint8_t>(right ? 0 : 255);
    image.pixels[i + 1] = static_cast<std::uint8_t>(n);
    image.pixels[i + 2] = static_cast<std::uint8_t>(n >> 8);
  }
  return image;
}

/// A process that films 100 frames a second into a ring, with a ring of truths beside it.
class FeedProcess {
 public:
  FeedProcess() {
    EXPECT_EQ(::pipe(ready_), 0);
    EXPECT_EQ(::pipe(end_), 0);
    child_ = ::fork();
    if (child_ == 0) {
      ::close(end_[1]);
      film();
      ::_exit(0);
    }
    ::close(end_[0]);
    ::close(ready_[1]);
    char byte = 0;
    EXPECT_EQ(::read(ready_[0], &byte, 1), 1);
  }
  ~FeedProcess() {
    end();
    ::close(ready_[0]);
    for (const std::string& name : {ring, ring + ".truth"}) ::shm_unlink(name.c_str());
  }
  FeedProcess(const FeedProcess&) = delete;
  FeedProcess& operator=(const FeedProcess&) = delete;
  /// In order: the rings are wiped and gone.
  void end() {
    if (child_ < 0) return;
    ::close(end_[1]);
    join();
  }
  /// As when it crashes: the ring stays, with its last frames.
  void die() {
    ::kill(child_, SIGKILL);
    ::close(end_[1]);
    join();
  }
  const std::string ring = fmt::format("/shogo-device-{}", ::getpid());

 private:
  void film() {
    const RealClock clock;
    const auto frames = *FrameRingWriter::create(ring, kWidth, kHeight, 3);
    const auto truths = *contract::SharedRingWriter::create(ring + ".truth", {2, 4, 16, {}});
    for (std::uint64_t n = 1;; ++n) {
      const auto now = static_cast<std::uint64_t>(clock.now().count());
      (void)truths->write(as_bytes("synthetic"), now);
      (void)frames->write(film_frame(n), now);
      if (n == 1 && ::write(ready_[1], "r", 1) != 1) return;
      pollfd until{end_[0], POLLIN, 0};
      if (::poll(&until, 1, 10) != 0) return;
    }
  }
  void join() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = -1;
  }
  int ready_[2] = {-1, -1}, end_[2] = {-1, -1};
  pid_t child_ = -1;
};

/// The feed is forked before the device begins its threads.
class DeviceWithCamera : public FeedProcess, public Device {
 protected:
  DeviceWithCamera() : Device(false, "none", ring) {}
  json::object patient_camera() {
    return harness.call("camera_info").at("cameras").as_array().at(0).as_object();
  }
  json::object camera_when(std::string_view state) {
    for (;;)
      if (json::object seen = patient_camera(); seen.at("state").as_string() == state) return seen;
  }
};

TEST_F(DeviceWithCamera, captures_the_very_frames_that_the_other_process_writes) {
  const json::value hello = harness.call("hello", {{"proto", 1}});
  EXPECT_NE(json::serialize(hello).find("camera.info"), std::string::npos);
  std::int64_t last = 0;
  for (int captured = 0; captured < 20;) {
    const json::object seen = patient_camera();
    ASSERT_EQ(seen.at("state").as_string(), "live");
    const auto number = seen.at("number").to_number<std::int64_t>();
    EXPECT_EQ(seen.at("sha256").as_string(),
              sha256_hex(film_frame(static_cast<std::uint64_t>(number)).pixels));
    EXPECT_EQ(seen.at("width").as_int64(), kWidth);
    EXPECT_EQ(seen.at("height").as_int64(), kHeight);
    EXPECT_EQ(seen.at("channels").as_int64(), 3);
    if (number > last) ++captured;
    last = number;
  }
}

TEST_F(DeviceWithCamera, a_feed_that_dies_is_told_and_logged_and_patients_are_served_on) {
  camera_when("live");
  die();
  const json::object stale = camera_when("stale");
  EXPECT_FALSE(stale.contains("sha256"));
  serve_with_pin();
  EXPECT_NE(bench.log().find(R"("camera":"patient","state":"stale")"), std::string::npos) << bench.log();
}

TEST_F(DeviceWithCamera, a_feed_that_ends_in_order_leaves_no_feed) {
  camera_when("live");
  end();
  camera_when("no_feed");
  EXPECT_NE(bench.log().find(R"("camera":"patient","state":"no_feed")"), std::string::npos) << bench.log();
}

TEST_F(DeviceWithCamera, opens_the_ring_of_frames_and_never_the_ring_of_truths) {
  const int watch = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  const int frames = ::inotify_add_watch(watch, ("/dev/shm" + ring).c_str(), IN_OPEN | IN_ACCESS);
  const int truths = ::inotify_add_watch(watch, ("/dev/shm" + ring + ".truth").c_str(), IN_OPEN | IN_ACCESS);
  ASSERT_TRUE(frames > 0 && truths > 0);
  camera_when("live");
  int looked_at_frames = 0, looked_at_truths = 0;
  const auto count = [&] {
    alignas(inotify_event) char buffer[4096];
    for (;;) {
      const ssize_t size = ::read(watch, buffer, sizeof buffer);
      if (size <= 0) return;
      for (ssize_t at = 0; at < size;) {
        const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
        (event->wd == frames ? looked_at_frames : looked_at_truths) += 1;
        at += static_cast<ssize_t>(sizeof *event + event->len);
      }
    }
  };
  count();
  EXPECT_GT(looked_at_frames, 0);
  EXPECT_EQ(looked_at_truths, 0);
  // That a look at the other would have been seen:
  EXPECT_TRUE(contract::SharedRingReader::open(ring + ".truth", 2).ok());
  count();
  EXPECT_GT(looked_at_truths, 0);
  ::close(watch);
}

/// Pixels that are only in the film.
std::size_t film_pixels(const Image& image) {
  std::size_t count = 0;
  for (std::size_t i = 0; i + 2 < image.pixels.size(); i += 3)
    if (image.pixels[i] >= 250 && image.pixels[i + 2] <= 5) ++count;
  return count;
}

Image decoded(const Bytes& bytes) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()), 0);
  png.format = PNG_FORMAT_RGB;
  Image image{static_cast<int>(png.width), static_cast<int>(png.height), 3, Bytes(PNG_IMAGE_SIZE(png))};
  EXPECT_NE(png_image_finish_read(&png, nullptr, image.pixels.data(), 0, nullptr), 0);
  return image;
}

class PageOfTheCamera : public DeviceWithCamera {
 protected:
  void go_there() {
    const std::size_t start = harness.seen();
    harness.tap("volume");
    harness.tap("camera");
    wait_idle("camera", start);
  }
  void wait_idle(std::string_view substate, std::size_t since) {
    for (std::size_t i = since; harness.wait_state("idle", i).at("substate").as_string() != substate;) ++i;
  }
  json::object node(std::string_view id) {
    const json::value tree = harness.call("get_ui_tree");
    for (const json::value& one : tree.at("nodes").as_array())
      if (one.at("id").as_string() == id) return one.as_object();
    ADD_FAILURE() << "no node " << id;
    return {};
  }
  /// The whole panel at this moment.
  Image panel() {
    harness.frames.clear();
    harness.call("subscribe_frames", {{"max_fps", 30}});
    contract::ScreenDecoder decoder;
    for (const auto& [header, payload] : harness.frames) EXPECT_TRUE(decoder.take(payload, header.seq).ok());
    return decoder.screen();
  }
};

TEST_F(PageOfTheCamera, shows_one_whole_frame_of_the_ring_as_in_a_mirror_and_then_newer_ones) {
  go_there();
  EXPECT_EQ(node("camera_view").at("text").as_string(), "");
  const json::array box = node("camera_view").at("bounds_px").as_array();
  const auto side = [&](std::size_t i) { return static_cast<int>(box[i].as_int64()); };
  const int middle_x = side(0) + side(2) / 2, middle_y = side(1) + side(3) / 2;
  std::set<int> numbers;
  while (numbers.size() < 4) {
    const auto before = patient_camera().at("number").to_number<std::uint64_t>();
    const Image shown = panel();
    const auto after = patient_camera().at("number").to_number<std::uint64_t>();
    const std::uint8_t* left = shown.at(middle_x - 20, middle_y);
    const std::uint8_t* right = shown.at(middle_x + 20, middle_y);
    // The ring's right half is on the left.
    EXPECT_EQ(left[0], 0);
    EXPECT_EQ(right[0], 255);
    const int number = left[1] + 256 * left[2];
    EXPECT_GT(number, 0);
    EXPECT_LE(static_cast<std::uint64_t>(number), after);
    // The page draws ten pictures a second, the feed films a hundred frames; a slow machine may be late.
    EXPECT_GE(static_cast<std::uint64_t>(number) + 200, before);
    // One frame, not parts of two.
    std::size_t mixed = 0, seen = 0;
    for (int y = side(1) + 2; y < side(1) + side(3) - 2; ++y) {
      for (int x = side(0) + 2; x < side(0) + side(2) - 2; ++x) {
        const std::uint8_t* pixel = shown.at(x, y);
        if (pixel[0] != 0 && pixel[0] != 255) continue;  // beside the picture, or the panel's own colours
        ++seen;
        if (pixel[1] != left[1] || pixel[2] != left[2]) ++mixed;
      }
    }
    EXPECT_EQ(mixed, 0U);
    EXPECT_GT(seen, 10'000U);
    numbers.insert(number);
  }
}

TEST_F(PageOfTheCamera, says_that_there_is_no_picture_when_the_feed_dies_and_is_never_called_at_rest) {
  go_there();
  (void)panel();
  EXPECT_FALSE(harness.call("get_ui_tree").as_object().contains("frame"));
  die();
  while (node("camera_view").at("text").as_string() != "カメラの映像がありません") {
  }
  EXPECT_EQ(film_pixels(panel()), 0U);
  const std::size_t start = harness.seen();
  harness.tap("ready");
  wait_idle("", start);
  EXPECT_TRUE(harness.call("get_ui_tree").as_object().contains("frame"));
}

TEST_F(PageOfTheCamera, the_staff_s_mirror_never_has_what_the_camera_sees) {
  go_there();
  bench.host().send({{"type", "mirror"}, {"on", true}});
  Bytes png;
  for (bool whole = false; !whole;) {
    harness.call("ping");
    png.clear();
    for (const json::object& message : bench.host().messages()) {
      if (message.at("type") != "mirror_part") continue;
      append(png, *from_base64(std::string(message.at("data").as_string())));
      whole = message.at("last").as_bool();
    }
  }
  const Image mirror = decoded(png);
  EXPECT_GT(mirror.width, 100);
  EXPECT_EQ(film_pixels(mirror), 0U);
  EXPECT_GT(film_pixels(panel()), 10'000U) << "the panel itself has them";
}

/// The simulated matcher understands synthetic portraits only (matcher.h), so the feed shows one.
class DeviceBeforePortraits : public Device {
 protected:
  DeviceBeforePortraits() : Device(false, "none", ring()) {}
  static std::string ring() { return fmt::format("/shogo-portraits-{}", ::getpid()); }
  static Image portrait(std::uint32_t person, std::uint32_t take) {
    const auto pixels = contract::draw_portrait({1, person, take});
    return {static_cast<int>(contract::kPortraitWidth), 1, 1, Bytes(pixels.begin(), pixels.end())};
  }
  void stand_before_camera(const Image& image) {
    ASSERT_TRUE(feed_->write(image, static_cast<std::uint64_t>(RealClock().now().count())).ok());
  }
  json::value match(const Image& reference) {
    return harness.call("match_faces", {{"probe", {{"camera", "patient"}}},
                                        {"reference",
                                         {{"width", reference.width},
                                          {"height", reference.height},
                                          {"channels", reference.channels},
                                          {"data", to_base64(reference.pixels)}}}});
  }

 private:
  std::unique_ptr<FrameRingWriter> feed_ =
      *FrameRingWriter::create(ring(), static_cast<int>(contract::kPortraitWidth), 1, 1);
};

TEST_F(DeviceBeforePortraits, the_capture_of_the_camera_is_what_the_matcher_compares) {
  stand_before_camera(portrait(5, 1));
  EXPECT_EQ(match(portrait(5, 2)).at("same"), true);
  stand_before_camera(portrait(6, 1));
  EXPECT_EQ(match(portrait(5, 2)).at("same"), false);
  EXPECT_EQ(match(portrait(6, 2)).at("same"), true);
}

TEST_F(DeviceBeforePortraits, without_a_picture_nothing_is_compared) {
  match(portrait(5, 2));
  EXPECT_EQ(harness.error(), contract::kRpcBadState);
  // A picture without a face in it is an error of its own.
  stand_before_camera({static_cast<int>(contract::kPortraitWidth), 1, 1, Bytes(contract::kPortraitWidth, 9)});
  match(portrait(5, 2));
  EXPECT_EQ(harness.error(), contract::kRpcInvalidParams);
}

TEST_F(Device, without_a_camera_there_is_nothing_to_ask_for) {
  EXPECT_EQ(json::serialize(harness.call("hello", {{"proto", 1}})).find("camera.info"), std::string::npos);
  harness.call("camera_info");
  EXPECT_EQ(harness.error(), contract::kRpcUnimplemented);
  const json::object picture{{"width", 1}, {"height", 1}, {"channels", 1}, {"data", "AA=="}};
  harness.call("match_faces", {{"probe", {{"camera", "patient"}}}, {"reference", picture}});
  EXPECT_EQ(harness.error(), contract::kRpcInvalidParams);
  EXPECT_EQ(bench.log().find("camera"), std::string::npos);
  harness.tap("volume");
  const std::string page = json::serialize(harness.call("get_ui_tree"));
  EXPECT_NE(page.find(R"("id":"louder")"), std::string::npos);
  EXPECT_EQ(page.find(R"("id":"camera")"), std::string::npos);
}

}  // namespace
}  // namespace shogo::reader
