#include "part_file.h"
#include "truth_lines.h"
#include "y4m.h"
#include <utility>

#include <fmt/format.h>

#include <shogo/base/file.h>
#include <shogo/sim/file_sinks.h>
#include <shogo/sim/yuv.h>

namespace shogo::sim {
namespace {

namespace fs = std::filesystem;

class Y4mSink final : public FrameSink {
 public:
  Y4mSink(PartFile video, PartFile truth) : video_(std::move(video)), truth_(std::move(truth)) {}
  Result<void> take(const FeedFrame& frame) override {
    SHOGO_CHECK_OK(video_.write(y4m_frame(frame.picture.image)));
    return write_truth(truth_, frame);
  }
  Result<void> finish() override {
    SHOGO_CHECK_OK(truth_.finish());
    return video_.finish();
  }

 private:
  PartFile video_, truth_;
};

class SequenceSink final : public FrameSink {
 public:
  SequenceSink(fs::path folder, std::string ending, Encoder encode, PartFile truth)
      : folder_(std::move(folder)),
        ending_(std::move(ending)),
        encode_(std::move(encode)),
        truth_(std::move(truth)) {}
  Result<void> take(const FeedFrame& frame) override {
    SHOGO_TRY(const Bytes file, encode_(frame.picture.image));
    SHOGO_CHECK_OK(write_file(folder_ / fmt::format("frame-{:06}.{}", frame.number, ending_), file));
    return write_truth(truth_, frame);
  }
  Result<void> finish() override { return truth_.finish(); }

 private:
  fs::path folder_;
  std::string ending_;
  Encoder encode_;
  PartFile truth_;
};

}  // namespace

Result<void> check_even(int width, int height, const char* format) {
  if (width >= 2 && height >= 2 && width % 2 == 0 && height % 2 == 0) return {};
  return Error{Code::kInvalid,
               fmt::format("{} has colour for 2 x 2 pixels, so both sides must be even, not {}x{}", format,
                           width, height)};
}

std::string y4m_header(int width, int height, int fps) {
  return fmt::format("YUV4MPEG2 W{} H{} F{}:1 Ip A1:1 C420jpeg XCOLORRANGE=LIMITED\n", width, height, fps);
}

Bytes y4m_frame(const Image& image) {
  Bytes out;
  append(out, as_bytes("FRAME\n"));
  append(out, to_yuv420(image));
  return out;
}

Result<std::unique_ptr<FrameSink>> y4m_sink(const fs::path& file, int width, int height, int fps) {
  SHOGO_CHECK_OK(check_even(width, height, "y4m"));
  SHOGO_TRY(PartFile video, PartFile::create(file));
  SHOGO_TRY(PartFile truth, PartFile::create(file.string() + ".truth.jsonl"));
  SHOGO_CHECK_OK(video.write(as_bytes(y4m_header(width, height, fps))));
  return std::unique_ptr<FrameSink>(new Y4mSink(std::move(video), std::move(truth)));
}

Result<std::unique_ptr<FrameSink>> sequence_sink(const fs::path& folder, const std::string& ending,
                                                 Encoder encode) {
  std::error_code ec;
  fs::create_directories(folder, ec);
  if (ec) return Error{Code::kDenied, fmt::format("cannot create {}: {}", folder.string(), ec.message())};
  const fs::path list = folder / "truth.jsonl";
  if (fs::exists(list, ec))
    return Error{Code::kConflict,
                 fmt::format("{} holds a finished sequence already: name another folder", folder.string())};
  SHOGO_TRY(PartFile truth, PartFile::create(list));
  return std::unique_ptr<FrameSink>(new SequenceSink(folder, ending, std::move(encode), std::move(truth)));
}

}  // namespace shogo::sim
