// MP4 through ffmpeg: frames go to it as y4m over a socket (its descriptor 3), so that a dead ffmpeg is an
// error here and not a signal.
#include "part_file.h"
#include "truth_lines.h"
#include "y4m.h"
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <shogo/base/child_process.h>
#include <shogo/base/file.h>
#include <shogo/sim/file_sinks.h>

namespace shogo::sim {
namespace {

namespace fs = std::filesystem;

Result<std::string> find_ffmpeg() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string program = folder + "/ffmpeg";
    if (!folder.empty() && ::access(program.c_str(), X_OK) == 0) return program;
  }
  return Error{
      Code::kUnavailable,
      "an mp4 needs the program ffmpeg, and PATH has none: install it (package ffmpeg), or write a .y4m, "
      "which needs nothing"};
}

class Mp4Sink final : public FrameSink {
 public:
  Mp4Sink(fs::path file, TemporaryFolder log, PartFile truth)
      : file_(std::move(file)), log_(std::move(log)), truth_(std::move(truth)) {}
  ~Mp4Sink() override {
    if (socket_ >= 0) ::close(socket_);
    if (child_ > 0) kill_child(child_);
    std::error_code ec;
    if (!done_) fs::remove(part(), ec);
  }
  Result<void> start(const std::string& ffmpeg, int width, int height, int fps);
  Result<void> take(const FeedFrame& frame) override {
    SHOGO_CHECK_OK(send(y4m_frame(frame.picture.image)));
    return write_truth(truth_, frame);
  }
  Result<void> finish() override;

 private:
  [[nodiscard]] fs::path part() const { return file_.string() + ".part"; }
  [[nodiscard]] fs::path log() const { return log_.path() / "ffmpeg.txt"; }
  /// ffmpeg's own last line says best what it lacks.
  [[nodiscard]] Error failed() const;
  Result<void> send(ByteView bytes);
  fs::path file_;
  TemporaryFolder log_;
  PartFile truth_;
  int socket_ = -1, child_ = -1;
  bool done_ = false;
};

Error Mp4Sink::failed() const {
  std::string last;
  if (const auto text = read_text(log()); text.ok()) {
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);)
      if (!line.empty()) last = line;
  }
  return Error{Code::kUnavailable, fmt::format("ffmpeg did not write {}: {}", file_.string(),
                                               last.empty() ? "it said nothing" : last)};
}

Result<void> Mp4Sink::start(const std::string& ffmpeg, int width, int height, int fps) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return Error{Code::kUnavailable, fmt::format("no socket for ffmpeg: {}", std::strerror(errno))};
  socket_ = ends[0];
  std::FILE* out = std::fopen(log().c_str(), "we");
  if (out == nullptr) {
    ::close(ends[1]);
    return Error{Code::kUnavailable,
                 fmt::format("cannot write {}: {}", log().string(), std::strerror(errno))};
  }
  // One thread and no dates: the same frames become the same bytes.
  const auto started = start_child({{ffmpeg,
                                     "-nostdin",
                                     "-hide_banner",
                                     "-loglevel",
                                     "error",
                                     "-y",
                                     "-f",
                                     "yuv4mpegpipe",
                                     "-i",
                                     "pipe:3",
                                     "-map_metadata",
                                     "-1",
                                     "-c:v",
                                     "libx264",
                                     "-preset",
                                     "veryfast",
                                     "-crf",
                                     "18",
                                     "-pix_fmt",
                                     "yuv420p",
                                     "-threads",
                                     "1",
                                     "-flags:v",
                                     "+bitexact",
                                     "-fflags",
                                     "+bitexact",
                                     "-movflags",
                                     "+faststart",
                                     "-f",
                                     "mp4",
                                     "file:" + part().string()},
                                    {},
                                    ::fileno(out),
                                    ends[1]});
  std::fclose(out);
  ::close(ends[1]);
  if (!started.ok()) return started.error();
  child_ = *started;
  return send(as_bytes(y4m_header(width, height, fps)));
}

Result<void> Mp4Sink::send(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed();
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> Mp4Sink::finish() {
  ::close(std::exchange(socket_, -1));
  int status = 0;
  const int child = std::exchange(child_, -1);
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  std::error_code ec;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || !fs::exists(part(), ec)) return failed();
  SHOGO_CHECK_OK(truth_.finish());
  fs::rename(part(), file_, ec);
  if (ec) return Error{Code::kDenied, fmt::format("cannot rename {}: {}", part().string(), ec.message())};
  done_ = true;
  return {};
}

}  // namespace

Result<std::unique_ptr<FrameSink>> mp4_sink(const fs::path& file, int width, int height, int fps) {
  SHOGO_CHECK_OK(check_even(width, height, "mp4"));
  SHOGO_TRY(const std::string ffmpeg, find_ffmpeg());
  SHOGO_TRY(TemporaryFolder log, TemporaryFolder::create("shogo-mp4"));
  SHOGO_TRY(PartFile truth, PartFile::create(file.string() + ".truth.jsonl"));
  auto sink = std::make_unique<Mp4Sink>(file, std::move(log), std::move(truth));
  SHOGO_CHECK_OK(sink->start(ffmpeg, width, height, fps));
  return std::unique_ptr<FrameSink>(std::move(sink));
}

}  // namespace shogo::sim
