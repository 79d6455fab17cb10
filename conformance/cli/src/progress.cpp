#include "progress.h"

#include <fmt/format.h>

namespace shogo::conformance {
namespace {

constexpr std::size_t kWidth = 24;

}  // namespace

void ProgressLine::line(const std::string& text) {
  clear();
  terminal_.err << text << "\n" << std::flush;
}

void ProgressLine::bar(std::size_t done, std::size_t count, const std::string& now) {
  if (!terminal_.live_err || count == 0) return;
  const std::size_t filled = kWidth * done / count;
  std::string left;
  if (done > 0) {
    const auto elapsed = std::chrono::duration_cast<std::chrono::seconds>(clock_.now() - start_).count();
    const auto rest = elapsed * static_cast<std::int64_t>(count - done) / static_cast<std::int64_t>(done);
    left = fmt::format("  about {}:{:02} left", rest / 60, rest % 60);
  }
  clear();
  terminal_.err << fmt::format("[{:#<{}}{:.<{}}] {}/{} {}  {}{}", "", filled, "", kWidth - filled, done,
                               count, unit_, now, left)
                << std::flush;
  drawn_ = true;
}

void ProgressLine::clear() {
  if (!drawn_) return;
  terminal_.err << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

}  // namespace shogo::conformance
