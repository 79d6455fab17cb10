// What the reader does with its patient camera: it looks now and then whether there is a picture, and writes
// down when that changes. No picture is kept: whoever wants one looks anew.
#include "reader.h"

namespace shogo::reader {
namespace {

/// Between two looks that nobody has asked for.
constexpr milliseconds kWatch{1'000};
/// Between two pictures of the camera's page.
constexpr milliseconds kView{100};

}  // namespace

void Reader::see_with(std::unique_ptr<Camera> camera) {
  camera_ = std::move(camera);
  open_engine();
}

View Reader::look() {
  if (!camera_) return {};
  View view = camera_->look();
  last_look_ = clock_.now();
  if (sight_ != view.sight) {
    sight_ = view.sight;
    log_.write("camera", {{"camera", "patient"}, {"state", PublicText::from_table(to_string(view.sight))}});
  }
  return view;
}

bool Reader::shows_camera() const {
  return camera_ && journey_.state(state_).screen == "camera";
}

std::optional<Nanoseconds> Reader::next_camera_view() const {
  if (!shows_camera()) return std::nullopt;
  return last_view_ + kView;
}

void Reader::watch_camera() {
  if (!camera_ || (last_look_ && clock_.now() < *last_look_ + kWatch)) return;
  (void)look();
}

}  // namespace shogo::reader
