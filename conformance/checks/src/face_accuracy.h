// What the script of 3-6.a and 3-6.b records for its judge.
#pragma once

#include <string_view>

namespace shogo::conformance {

inline constexpr std::string_view kFaceAccuracy = "face_accuracy";  ///< the shared script

/// (harness, "engine_scores", {name, version, engine_sha256, library_sha256, portraits ("synthetic" or
/// "pictures"), images, templates_failed, comparisons_failed, sessions_agreeing, sessions_differing}) with
/// the scores (.scores, people as numbers) beside it.
inline constexpr std::string_view kEngineScores = "engine_scores";

/// Whole sessions on the device that must agree with the library handed in, before its scores are the
/// device's.
inline constexpr int kAgreeingSessions = 300;

}  // namespace shogo::conformance
