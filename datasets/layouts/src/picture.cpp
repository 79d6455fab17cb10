#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <shogo/base/file.h>
#include <shogo/layouts/picture.h>

namespace shogo::layouts {

Result<Image> read_picture(const std::filesystem::path& path) {
  SHOGO_TRY(const Bytes bytes, read_file(path));
  if (bytes.empty()) return Error{Code::kCorrupt, fmt::format("{}: an empty file", path.string())};
  const cv::Mat coded(1, static_cast<int>(bytes.size()), CV_8U, const_cast<std::uint8_t*>(bytes.data()));
  cv::Mat picture;
  try {
    picture = cv::imdecode(coded, cv::IMREAD_COLOR);
  } catch (const cv::Exception&) {
    picture.release();
  }
  if (picture.empty())
    return Error{Code::kCorrupt, fmt::format("{}: cannot be read as a picture", path.string())};
  cv::cvtColor(picture, picture, cv::COLOR_BGR2RGB);
  Image image{picture.cols, picture.rows, 3, {}};
  image.pixels.assign(picture.data, picture.data + picture.total() * picture.elemSize());
  return image;
}

}  // namespace shogo::layouts
