#include "screen_record.h"

#include "card_trace.h"
#include <cmath>
#include <map>
#include <memory>
#include <mutex>

#include <fmt/core.h>

#include <shogo/conformance/png.h>

namespace shogo::conformance {
namespace {

/// Several judges read the same transcript one after the other. Decoding is a pure function of the bytes: the
/// last walk's pictures are kept, so that it is done once.
std::shared_ptr<const Image> decoded(const Bytes& png) {
  constexpr std::size_t kMost = 160;
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const Image>> known;
  std::string key = sha256_hex(png);
  {
    const std::lock_guard lock(mutex);
    if (const auto found = known.find(key); found != known.end()) return found->second;
  }
  auto image = decode_png(png);
  if (!image) return nullptr;
  auto shared = std::make_shared<const Image>(*std::move(image));
  const std::lock_guard lock(mutex);
  if (known.size() >= kMost) known.clear();
  known[std::move(key)] = shared;
  return shared;
}

}  // namespace

Result<void> record_screen(Stage& stage, const Screen& screen, std::string_view moment) {
  SHOGO_TRY(Bytes png, Stage::ours(encode_png(screen.frame.image)));
  // The frame's number depends on how many pictures came before: no part of what must be equal.
  UiTree tree = screen.tree;
  tree.frame.reset();
  stage.record(source::kDevice, "screen",
               {{"moment", moment},
                {"tree", to_json(tree)},
                {"width", screen.frame.image.width},
                {"height", screen.frame.image.height}},
               fmt::format("{}_{}", tree.screen_id, tree.lang), "png", std::move(png));
  return {};
}

Result<Screen> record_screen(Stage& stage, std::string_view moment) {
  SHOGO_TRY(Screen screen, stage.settled_screen());
  SHOGO_CHECK_OK(record_screen(stage, screen, moment));
  return screen;
}

std::string RecordedScreen::name() const {
  return fmt::format("{}.{}{}{}", tree.screen_id, tree.lang, moment.empty() ? "" : " ", moment);
}

std::vector<RecordedScreen> screens_of(const Transcript& transcript, int& unreadable) {
  std::vector<RecordedScreen> screens;
  unreadable = 0;
  for (const Event* event : transcript.select(source::kDevice, "screen")) {
    const Bytes* png = transcript.blob(event->blob);
    const boost::json::value* tree_value = event->data.if_contains("tree");
    const auto tree = tree_value == nullptr ? Result<UiTree>(Error{Code::kNotFound, "no tree"})
                                            : parse_ui_tree(*tree_value);
    const auto image = png == nullptr ? nullptr : decoded(*png);
    if (!tree.ok() || image == nullptr) {
      ++unreadable;
      continue;
    }
    screens.push_back({text_of(event->data, "moment"), *tree, *image});
  }
  return screens;
}

double px_per_mm(const Hello& hello) {
  if (hello.panel_inches <= 0 || hello.panel_width_px <= 0 || hello.panel_height_px <= 0) return 0;
  constexpr double kMmPerInch = 25.4;
  return std::hypot(hello.panel_width_px, hello.panel_height_px) / (hello.panel_inches * kMmPerInch);
}

}  // namespace shogo::conformance
