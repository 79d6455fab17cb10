#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/ioctl.h>

#include <shogo/sim/v4l2_sink.h>
#include <shogo/sim/yuv.h>

namespace shogo::sim {
namespace {

class SystemVideoNode final : public VideoNode {
 public:
  ~SystemVideoNode() override {
    if (file_ >= 0) ::close(file_);
  }
  int open(const std::string& path) override { return file_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC); }
  int control(unsigned long request, void* argument) override { return ::ioctl(file_, request, argument); }
  ssize_t write(const void* bytes, std::size_t size) override { return ::write(file_, bytes, size); }

 private:
  int file_ = -1;
};

class V4l2Sink final : public FrameSink {
 public:
  V4l2Sink(std::string device, std::unique_ptr<VideoNode> node)
      : device_(std::move(device)), node_(std::move(node)) {}
  Result<void> take(const FeedFrame& frame) override {
    const Bytes bytes = to_yuyv(frame.picture.image);
    ssize_t n = -1;
    do n = node_->write(bytes.data(), bytes.size());
    while (n < 0 && errno == EINTR);
    if (n == static_cast<ssize_t>(bytes.size())) return {};
    return Error{Code::kUnavailable, fmt::format("{} took {} of {} bytes of a frame: {}", device_, n,
                                                 bytes.size(), n < 0 ? std::strerror(errno) : "too few")};
  }

 private:
  std::string device_;
  std::unique_ptr<VideoNode> node_;
};

}  // namespace

std::unique_ptr<VideoNode> system_video_node() {
  return std::make_unique<SystemVideoNode>();
}

Result<std::unique_ptr<FrameSink>> v4l2_sink(const std::string& device, int width, int height,
                                             std::unique_ptr<VideoNode> node) {
  if (width < 2 || height < 1 || width % 2 != 0)
    return Error{Code::kInvalid,
                 fmt::format("a V4L2 device gets pairs of pixels: the width must be even, not {}", width)};
  if (!node) node = system_video_node();
  if (node->open(device) < 0) {
    const int number = errno;
    if (number == ENOENT || number == ENODEV || number == ENXIO)
      return Error{Code::kNotFound,
                   fmt::format("there is no device {}: a loopback device comes with the kernel module "
                               "v4l2loopback (modprobe v4l2loopback)",
                               device)};
    return Error{Code::kDenied, fmt::format("cannot open {}: {}", device, std::strerror(number))};
  }
  v4l2_capability can{};
  if (node->control(VIDIOC_QUERYCAP, &can) != 0)
    return Error{Code::kUnsupported, fmt::format("{} is no video device", device)};
  const std::uint32_t here =
      (can.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? can.device_caps : can.capabilities;
  if ((here & V4L2_CAP_VIDEO_OUTPUT) == 0 || (here & V4L2_CAP_READWRITE) == 0)
    return Error{
        Code::kUnsupported,
        fmt::format("{} takes no video: it is a camera, not a loopback device that is free", device)};
  v4l2_format format{};
  format.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
  v4l2_pix_format& pix = format.fmt.pix;
  pix.width = static_cast<std::uint32_t>(width);
  pix.height = static_cast<std::uint32_t>(height);
  pix.pixelformat = V4L2_PIX_FMT_YUYV;
  pix.field = V4L2_FIELD_NONE;
  pix.bytesperline = pix.width * 2;
  pix.sizeimage = pix.bytesperline * pix.height;
  pix.colorspace = V4L2_COLORSPACE_SRGB;
  pix.ycbcr_enc = V4L2_YCBCR_ENC_601;
  pix.quantization = V4L2_QUANTIZATION_LIM_RANGE;
  if (node->control(VIDIOC_S_FMT, &format) != 0)
    return Error{Code::kUnsupported,
                 fmt::format("{} does not take {}x{} YUYV: {}", device, width, height, std::strerror(errno))};
  if (pix.width != static_cast<std::uint32_t>(width) || pix.height != static_cast<std::uint32_t>(height) ||
      pix.pixelformat != V4L2_PIX_FMT_YUYV)
    return Error{
        Code::kUnsupported,
        fmt::format("{} offers {}x{} instead of {}x{} YUYV: give --size {}x{}, or let whoever watches go",
                    device, pix.width, pix.height, width, height, pix.width, pix.height)};
  return std::unique_ptr<FrameSink>(new V4l2Sink(device, std::move(node)));
}

}  // namespace shogo::sim
