// A feed into a V4L2 output device: a loopback device (kernel module v4l2loopback) then shows it to every
// program as a webcam. Pixels go as YUYV, by write(2).
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <sys/types.h>

#include <shogo/sim/camera_feed.h>

namespace shogo::sim {

/// The device, behind an interface, because few machines have one. Results as of the system calls: -1 and
/// errno.
class VideoNode {
 public:
  virtual ~VideoNode() = default;
  virtual int open(const std::string& path) = 0;
  virtual int control(unsigned long request, void* argument) = 0;
  virtual ssize_t write(const void* bytes, std::size_t size) = 0;
};
[[nodiscard]] std::unique_ptr<VideoNode> system_video_node();

/// kNotFound: no such device; kDenied; kUnsupported: it takes no video, or not this size. Even width only.
[[nodiscard]] Result<std::unique_ptr<FrameSink>> v4l2_sink(const std::string& device, int width, int height,
                                                           std::unique_ptr<VideoNode> node = nullptr);

}  // namespace shogo::sim
