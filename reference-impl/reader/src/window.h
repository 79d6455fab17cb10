// The panel as a window on a desk (`--window`): the same picture, touched with mouse or finger, digits from
// the keyboard.
#pragma once

#include "reader.h"
#include <functional>
#include <memory>

namespace shogo::reader {

/// Shows frames and feeds the reader until the window is closed or `stopping()` says so. Runs on the calling
/// (main) thread.
class Window {
 public:
  static Result<std::unique_ptr<Window>> open(const Panel& panel);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;
  /// From the reader's thread.
  void present(const Image& frame);
  void run(Reader& reader, const std::function<bool()>& stopping);

 private:
  struct Impl;
  explicit Window(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace shogo::reader
