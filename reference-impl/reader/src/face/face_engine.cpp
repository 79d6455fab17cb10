#include "face/face_engine.h"

#include <cmath>
#include <dlfcn.h>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>
#include <shogo/contract/matcher.h>

namespace shogo::reader {

Result<double> read_accuracy_file(ByteView content) {
  constexpr std::string_view kWhere = "accuracy file";
  SHOGO_TRY(const json::value document, parse_json(as_text(content), kWhere));
  SHOGO_TRY(const JsonObject object, JsonObject::of(document, std::string(kWhere)));
  SHOGO_CHECK_OK(object.only({"format", "threshold"}));
  SHOGO_TRY(const std::int64_t format, object.integer("format"));
  if (format != 1)
    return Error{Code::kUnsupported, fmt::format("{}: format {}; this program reads 1", kWhere, format)};
  SHOGO_TRY(const double threshold, object.number("threshold"));
  if (!std::isfinite(threshold))
    return Error{Code::kInvalid, fmt::format("{}: \"threshold\" must be a finite number", kWhere)};
  return threshold;
}

struct FaceEngine::Library {
  void* handle = nullptr;
  shogo_matcher* matcher = nullptr;
  std::size_t template_size = 0;
  decltype(&shogo_matcher_template) make_template = nullptr;
  decltype(&shogo_matcher_compare) compare = nullptr;
  decltype(&shogo_matcher_close) close = nullptr;
  ~Library() {
    if (matcher != nullptr) close(matcher);
    if (handle != nullptr) ::dlclose(handle);
  }
};

FaceEngine::~FaceEngine() = default;

Result<std::unique_ptr<FaceEngine>> FaceEngine::open(const std::filesystem::path& path) {
  auto library = std::make_unique<Library>();
  library->handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library->handle == nullptr)
    return Error{Code::kNotFound, fmt::format("cannot load the face engine: {}", ::dlerror())};
  const auto symbol = [&](auto& function, const char* name) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(library->handle, name));
    return function != nullptr;
  };
  decltype(&shogo_matcher_describe) describe = nullptr;
  decltype(&shogo_matcher_open) open = nullptr;
  if (!symbol(describe, "shogo_matcher_describe") || !symbol(open, "shogo_matcher_open") ||
      !symbol(library->close, "shogo_matcher_close") ||
      !symbol(library->make_template, "shogo_matcher_template") ||
      !symbol(library->compare, "shogo_matcher_compare"))
    return Error{Code::kUnsupported, fmt::format("{} is no face engine (matcher.h)", path.string())};
  shogo_matcher_info info{};
  if (describe(&info) != SHOGO_MATCHER_OK || info.abi_version != SHOGO_MATCHER_ABI_VERSION ||
      info.higher_is_similar != 1 || open("", &library->matcher) != SHOGO_MATCHER_OK)
    return Error{Code::kUnsupported, fmt::format("the face engine {} does not open", path.string())};
  library->template_size = info.template_size_max;
  auto engine = std::unique_ptr<FaceEngine>(new FaceEngine);
  engine->library_ = std::move(library);
  return engine;
}

Result<bool> FaceEngine::same_person(const Image& probe, const Image& reference) const {
  const auto template_of = [&](const Image& image, shogo_template_role role) -> Result<Bytes> {
    const shogo_matcher_image pixels{static_cast<std::uint32_t>(image.width),
                                     static_cast<std::uint32_t>(image.height),
                                     static_cast<std::uint32_t>(image.channels), image.pixels.data()};
    Bytes buffer(library_->template_size);
    std::size_t size = buffer.size();
    const auto status = library_->make_template(library_->matcher, &pixels, role, buffer.data(), &size);
    if (status == SHOGO_MATCHER_NO_FACE || status == SHOGO_MATCHER_LOW_QUALITY)
      return Error{Code::kNotFound, "a picture shows no face that could be compared"};
    if (status != SHOGO_MATCHER_OK) return Error{Code::kInvalid, "the face engine refused a picture"};
    buffer.resize(size);
    return buffer;
  };
  SHOGO_TRY(const Bytes a, template_of(probe, SHOGO_ROLE_PROBE));
  SHOGO_TRY(const Bytes b, template_of(reference, SHOGO_ROLE_REFERENCE));
  double score = 0;
  if (library_->compare(library_->matcher, a.data(), a.size(), b.data(), b.size(), &score) !=
      SHOGO_MATCHER_OK)
    return Error{Code::kInvalid, "the face engine compared nothing"};
  return score >= threshold_;
}

}  // namespace shogo::reader
