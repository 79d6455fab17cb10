// dlib's face network behind the C interface of matcher.h: a real matcher, public domain (CC0), to measure
// beside one's own. Its data folder holds the two models that engines/fetch-dlib-model fetches. The detector
// is dlib's frontal one, which is part of the library. Scores are Euclidean distances of 128 numbers: lower
// means more similar.
#include <cstring>
#include <dlib/dnn.h>
#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include <shogo/base/bytes.h>
#include <shogo/contract/matcher.h>

namespace {

// The network's layers; the shape is given by the weights.
template <template <int, template <typename> class, int, typename> class Block, int N, typename Sub>
using Residual = dlib::relu<dlib::add_prev1<Block<N, dlib::affine, 1, dlib::tag1<Sub>>>>;
template <template <int, template <typename> class, int, typename> class Block, int N, typename Sub>
using Halving = dlib::relu<dlib::add_prev2<
    dlib::avg_pool<2, 2, 2, 2, dlib::skip1<dlib::tag2<Block<N, dlib::affine, 2, dlib::tag1<Sub>>>>>>>;
template <int N, template <typename> class Norm, int Stride, typename Sub>
using Block = Norm<dlib::con<N, 3, 3, 1, 1, dlib::relu<Norm<dlib::con<N, 3, 3, Stride, Stride, Sub>>>>>;
template <int N, typename Sub>
using Same = Residual<Block, N, Sub>;
template <int N, typename Sub>
using Down = Halving<Block, N, Sub>;
using Stem =
    dlib::max_pool<3, 3, 2, 2,
                   dlib::relu<dlib::affine<dlib::con<32, 7, 7, 2, 2, dlib::input_rgb_image_sized<150>>>>>;
using Level4 = Same<32, Same<32, Same<32, Stem>>>;
using Level3 = Same<64, Same<64, Same<64, Down<64, Level4>>>>;
using Level2 = Same<128, Same<128, Down<128, Level3>>>;
using Level1 = Same<256, Same<256, Down<256, Level2>>>;
using Network = dlib::loss_metric<dlib::fc_no_bias<128, dlib::avg_pool_everything<Down<256, Level1>>>>;

constexpr const char* kNetworkFile = "dlib_face_recognition_resnet_model_v1.dat";
constexpr const char* kLandmarkFile = "shape_predictor_5_face_landmarks.dat";
constexpr const char* kNetworkHash = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30";
constexpr const char* kLandmarkHash = "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888";
constexpr std::size_t kTemplate = 128 * sizeof(float);

bool is_file(const std::string& path, const char* hash) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return in.good() && shogo::sha256_hex(shogo::as_bytes(text)) == hash;
}

}  // namespace

struct shogo_matcher {
  dlib::frontal_face_detector detector = dlib::get_frontal_face_detector();
  dlib::shape_predictor landmarks;
  Network network;
};

extern "C" {

shogo_matcher_status shogo_matcher_describe(shogo_matcher_info* info) {
  std::memset(info, 0, sizeof *info);
  info->abi_version = SHOGO_MATCHER_ABI_VERSION;
  info->name = "dlib face_recognition_resnet_model_v1";
  info->version = "1";
  const auto hash = shogo::from_hex(kNetworkHash);
  std::memcpy(info->engine_sha256, hash.value().data(), sizeof info->engine_sha256);
  info->template_size_max = kTemplate;
  info->higher_is_similar = 0;
  return SHOGO_MATCHER_OK;
}

shogo_matcher_status shogo_matcher_open(const char* data_folder, shogo_matcher** matcher) {
  const std::string folder(data_folder);
  // Other weights would be another engine under this one's name.
  if (!is_file(folder + "/" + kNetworkFile, kNetworkHash) ||
      !is_file(folder + "/" + kLandmarkFile, kLandmarkHash))
    return SHOGO_MATCHER_FAILED;
  try {
    auto made = std::make_unique<shogo_matcher>();
    dlib::deserialize(folder + "/" + kNetworkFile) >> made->network;
    dlib::deserialize(folder + "/" + kLandmarkFile) >> made->landmarks;
    *matcher = made.release();
    return SHOGO_MATCHER_OK;
  } catch (const std::exception&) {
    return SHOGO_MATCHER_FAILED;
  }
}

void shogo_matcher_close(shogo_matcher* matcher) {
  delete matcher;
}

shogo_matcher_status shogo_matcher_template(shogo_matcher* matcher, const shogo_matcher_image* image,
                                            shogo_template_role, std::uint8_t* buffer, std::size_t* size) {
  if (image->channels != 1 && image->channels != 3) return SHOGO_MATCHER_BAD_INPUT;
  if (*size < kTemplate) {
    *size = kTemplate;
    return SHOGO_MATCHER_ROOM;
  }
  try {
    dlib::matrix<dlib::rgb_pixel> pixels(static_cast<long>(image->height), static_cast<long>(image->width));
    for (std::uint32_t y = 0; y < image->height; ++y)
      for (std::uint32_t x = 0; x < image->width; ++x) {
        const std::uint8_t* at = image->pixels + (std::size_t{y} * image->width + x) * image->channels;
        const std::size_t more = image->channels == 3 ? 1 : 0;
        pixels(static_cast<long>(y), static_cast<long>(x)) = dlib::rgb_pixel(at[0], at[more], at[2 * more]);
      }
    std::vector<dlib::rectangle> faces = matcher->detector(pixels);
    if (faces.empty()) return SHOGO_MATCHER_NO_FACE;
    const auto largest = std::max_element(faces.begin(), faces.end(),
                                          [](const auto& a, const auto& b) { return a.area() < b.area(); });
    constexpr unsigned long kChip = 150;
    constexpr double kPadding = 0.25;
    dlib::matrix<dlib::rgb_pixel> chip;
    dlib::extract_image_chip(
        pixels, dlib::get_face_chip_details(matcher->landmarks(pixels, *largest), kChip, kPadding), chip);
    const dlib::matrix<float, 0, 1> numbers = matcher->network(chip);
    std::memcpy(buffer, &numbers(0), kTemplate);
    *size = kTemplate;
    return SHOGO_MATCHER_OK;
  } catch (const std::exception&) {
    return SHOGO_MATCHER_FAILED;
  }
}

shogo_matcher_status shogo_matcher_compare(shogo_matcher*, const std::uint8_t* probe, std::size_t probe_size,
                                           const std::uint8_t* reference, std::size_t reference_size,
                                           double* score) {
  if (probe_size != kTemplate || reference_size != kTemplate) return SHOGO_MATCHER_BAD_INPUT;
  float a[128], b[128];
  std::memcpy(a, probe, kTemplate);
  std::memcpy(b, reference, kTemplate);
  double sum = 0;
  for (int i = 0; i < 128; ++i)
    sum += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
  *score = std::sqrt(sum);
  return SHOGO_MATCHER_OK;
}
}
