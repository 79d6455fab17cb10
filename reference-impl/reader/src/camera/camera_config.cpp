#include "camera/camera_config.h"

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>

namespace shogo::reader {

Result<CameraConfig> parse_camera_config(std::string_view text, std::string_view where) {
  SHOGO_TRY(const json::value document, parse_json(text, where));
  SHOGO_TRY(const JsonObject bench, JsonObject::of(document, std::string(where)));
  if (bench.missing("cameras")) return CameraConfig{};
  SHOGO_TRY(const JsonObject cameras, bench.object("cameras"));
  SHOGO_CHECK_OK(cameras.only({"patient"}));
  if (cameras.missing("patient")) return CameraConfig{};
  SHOGO_TRY(const JsonObject patient, cameras.object("patient"));
  SHOGO_CHECK_OK(patient.only({"ring"}));
  CameraConfig config;
  SHOGO_TRY(config.patient_ring, patient.string("ring"));
  const std::string& name = config.patient_ring;
  if (name.size() < 2 || name.size() > 200 || name.front() != '/' || name.find('/', 1) != std::string::npos ||
      name.find('\0') != std::string::npos)
    return Error{Code::kInvalid,
                 fmt::format("{}: cameras.patient.ring: expected the name of a ring, such as /shogo-cam-0: a "
                             "slash, and none after it",
                             where)};
  return config;
}

Result<CameraConfig> load_camera_config(const std::filesystem::path& bench) {
  SHOGO_TRY(const std::string text, read_text(bench));
  return parse_camera_config(text, bench.string());
}

}  // namespace shogo::reader
