// A feed into files. What is true of each frame goes beside the picture, one JSON object a line
// (FILE.truth.jsonl, DIR/truth.jsonl). A feed that fails or is stopped leaves no finished file.
#pragma once

#include <filesystem>
#include <memory>

#include <shogo/sim/camera_feed.h>

namespace shogo::sim {

/// YUV4MPEG2 ("y4m"), 4:2:0: what ffmpeg, mpv and most encoders read. Even sides only.
[[nodiscard]] Result<std::unique_ptr<FrameSink>> y4m_sink(const std::filesystem::path& file, int width,
                                                          int height, int fps);
/// How a picture becomes a file: PNG, for example.
using Encoder = std::function<Result<Bytes>(const Image&)>;
/// DIR/frame-000001.ENDING and so on. kConflict when the folder has a finished sequence already.
[[nodiscard]] Result<std::unique_ptr<FrameSink>> sequence_sink(const std::filesystem::path& folder,
                                                               const std::string& ending, Encoder encode);
/// H.264 in MP4, through the program ffmpeg. kUnavailable when PATH has none. Even sides only. The same
/// frames give the same bytes for one version of ffmpeg and its encoder.
[[nodiscard]] Result<std::unique_ptr<FrameSink>> mp4_sink(const std::filesystem::path& file, int width,
                                                          int height, int fps);

}  // namespace shogo::sim
