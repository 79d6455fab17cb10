// The face matcher of the device behind its threshold: the engine gives a score, the accuracy file in force
// says from where on two pictures show one person (3-3). One thread at a time.
#pragma once

#include <filesystem>
#include <memory>

#include <shogo/base/bytes.h>
#include <shogo/base/image.h>

namespace shogo::reader {

/// Of the simulated matcher: FMR 0.01 % (3-6; reference-impl/engine).
constexpr double kBuiltInThreshold = 3.72;

/// From the content of an accuracy package: {"format": 1, "threshold": 4.5}.
[[nodiscard]] Result<double> read_accuracy_file(ByteView content);

class FaceEngine {
 public:
  /// Loads the engine (matcher.h).
  static Result<std::unique_ptr<FaceEngine>> open(const std::filesystem::path& library);
  ~FaceEngine();
  FaceEngine(const FaceEngine&) = delete;
  FaceEngine& operator=(const FaceEngine&) = delete;

  void set_threshold(double threshold) { threshold_ = threshold; }
  /// Whether both show one person. kNotFound: no face in one of them.
  [[nodiscard]] Result<bool> same_person(const Image& probe, const Image& reference) const;

 private:
  FaceEngine() = default;
  struct Library;
  std::unique_ptr<Library> library_;
  double threshold_ = kBuiltInThreshold;
};

}  // namespace shogo::reader
