#include <cerrno>
#include <linux/videodev2.h>

#include <gtest/gtest.h>

#include <shogo/sim/v4l2_sink.h>
#include <shogo/sim/yuv.h>

namespace shogo::sim {
namespace {

/// A loopback device of the test.
struct Device {
  std::uint32_t capabilities = V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_READWRITE;
  std::uint32_t width = 0, height = 0;  ///< what it insists on; 0: as asked
  int open_error = 0;
  bool is_video = true, full = false;
  Bytes written;
};
class Node final : public VideoNode {
 public:
  explicit Node(Device& device) : device_(device) {}
  int open(const std::string& /*path*/) override {
    errno = device_.open_error;
    return device_.open_error == 0 ? 3 : -1;
  }
  int control(unsigned long request, void* argument) override {
    errno = ENOTTY;
    if (!device_.is_video) return -1;
    if (request == VIDIOC_QUERYCAP) {
      auto& can = *static_cast<v4l2_capability*>(argument);
      can.capabilities = V4L2_CAP_DEVICE_CAPS;
      can.device_caps = device_.capabilities;
      return 0;
    }
    if (request != VIDIOC_S_FMT) return -1;
    auto& pix = static_cast<v4l2_format*>(argument)->fmt.pix;
    if (device_.width != 0) pix.width = device_.width, pix.height = device_.height;
    return 0;
  }
  ssize_t write(const void* bytes, std::size_t size) override {
    if (device_.full) return static_cast<ssize_t>(size / 2);
    const auto* from = static_cast<const std::uint8_t*>(bytes);
    device_.written.assign(from, from + size);
    return static_cast<ssize_t>(size);
  }

 private:
  Device& device_;
};

Result<std::unique_ptr<FrameSink>> open(Device& device, int width = 4, int height = 2) {
  return v4l2_sink("/dev/video9", width, height, std::make_unique<Node>(device));
}

TEST(V4l2Sink, a_loopback_device_gets_whole_frames_of_yuyv) {
  Device device;
  auto sink = open(device);
  ASSERT_TRUE(sink.ok()) << sink.error().describe();
  const FeedFrame frame{1, {}, {}, {{4, 2, 3, Bytes(24, 200)}, ""}};
  ASSERT_TRUE((*sink)->take(frame).ok());
  EXPECT_EQ(device.written, to_yuyv(frame.picture.image));
  device.full = true;
  EXPECT_EQ((*sink)->take(frame).error().code(), Code::kUnavailable);
}

TEST(V4l2Sink, a_missing_device_tells_of_the_kernel_module) {
  const auto sink = v4l2_sink("/dev/video-that-is-not-there", 640, 480);
  ASSERT_FALSE(sink.ok());
  EXPECT_EQ(sink.error().code(), Code::kNotFound);
  EXPECT_NE(sink.error().message().find("v4l2loopback"), std::string::npos);
}

TEST(V4l2Sink, what_is_no_video_device_is_said_so) {
  const auto sink = v4l2_sink("/dev/null", 640, 480);
  ASSERT_FALSE(sink.ok());
  EXPECT_EQ(sink.error().code(), Code::kUnsupported);
}

TEST(V4l2Sink, a_camera_another_size_a_closed_door_and_an_odd_width_are_refused) {
  Device camera;
  camera.capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_READWRITE;
  EXPECT_EQ(open(camera).error().code(), Code::kUnsupported);
  Device other;
  other.width = 1280;
  other.height = 720;
  const auto wrong_size = open(other);
  ASSERT_FALSE(wrong_size.ok());
  EXPECT_NE(wrong_size.error().message().find("--size 1280x720"), std::string::npos);
  Device closed;
  closed.open_error = EACCES;
  EXPECT_EQ(open(closed).error().code(), Code::kDenied);
  Device fine;
  EXPECT_EQ(open(fine, 5, 2).error().code(), Code::kInvalid);
}

}  // namespace
}  // namespace shogo::sim
