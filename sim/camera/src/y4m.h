// YUV4MPEG2: a line about the video, then "FRAME" and three planes a frame.
#pragma once

#include <string>

#include <shogo/base/image.h>

namespace shogo::sim {

[[nodiscard]] Result<void> check_even(int width, int height, const char* format);
[[nodiscard]] std::string y4m_header(int width, int height, int fps);
[[nodiscard]] Bytes y4m_frame(const Image& image);

}  // namespace shogo::sim
