// Stage: what a script sees of the device's screen.
#include "stage_impl.h"

#include <fmt/core.h>

#include <shogo/conformance/png.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;
namespace cap = contract::cap;

// 3-10.k times a key's feedback by frames; a device that sends changes needs little room for them.
constexpr int kMaxFps = 60;
/// Frames kept undecoded: a script that never looks must not fill the memory.
constexpr std::size_t kMostWaiting = 64;
/// One settled screen in so many, and two a case, are watched for as long as those of a device that names no
/// frames.
constexpr std::uint64_t kDoubtOneIn = 8;

}  // namespace

void Stage::Impl::receive(RawFrame raw) {
  // What lies on a frame from before this case's subscription is none of its pictures.
  if (!watching_screen || (frames == 0 && contract::screen_base(*raw.payload) != 0)) return;
  newest = RawFrame{nullptr, raw.seq, raw.t_ns, raw.t_dev_ns};
  last_activity = clock.now();
  ++frames;
  if (contract::screen_base(*raw.payload) == 0) waiting.clear();
  waiting.push_back(std::move(raw));
  if (waiting.size() > kMostWaiting) (void)newest_frame();
}

Result<Frame> Stage::Impl::newest_frame() {
  for (const RawFrame& raw : waiting) {
    if (unreadable) break;
    if (const auto taken = decoder.take(*raw.payload, raw.seq); !taken)
      unreadable =
          Error{Code::kInvalid, fmt::format("screen frame {} cannot be read", raw.seq), taken.error()};
  }
  waiting.clear();
  if (unreadable) return *unreadable;
  const Image& image = decoder.screen();
  const Hello& hello = setup.device->hello();
  if (hello.panel_width_px > 0 &&
      (image.width != hello.panel_width_px || image.height != hello.panel_height_px))
    return Error{Code::kInvalid,
                 fmt::format("screen frame {} has {} x {} pixels; hello declares {} x {}", newest.seq,
                             image.width, image.height, hello.panel_width_px, hello.panel_height_px)};
  return Frame{image, newest.seq, newest.t_ns, newest.t_dev_ns};
}

Result<bool> Stage::Impl::quiet(std::unique_lock<std::mutex>& lock, Nanoseconds from) {
  const Nanoseconds since = last_activity;
  const Nanoseconds pause = std::max(from + Nanoseconds(kShortWait) - clock.now(), Nanoseconds{0});
  const auto moved = wait(lock, std::chrono::ceil<milliseconds>(pause), "a quiet screen",
                          [&] { return last_activity != since; });
  if (moved.ok()) return false;
  if (moved.error().code() != Code::kTimeout || left() <= Nanoseconds{0}) return moved.error();
  return true;
}

Result<void> Stage::watch_screen() {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->watching_screen) return {};
    if (!device().has(cap::kScreenFrames))
      return Error{Code::kUnsupported, "the device does not declare screen.frames"};
    impl_->watching_screen = true;
  }
  SHOGO_CHECK_OK(call("subscribe_frames", {{"max_fps", kMaxFps},
                                           {"formats", {contract::kScreenWhole, contract::kScreenChange}}}));
  return {};
}

Result<Frame> Stage::latest_frame() {
  return frame_after(Mark{});
}

Result<Frame> Stage::frame_after(Mark since, milliseconds timeout) {
  SHOGO_CHECK_OK(watch_screen());
  std::unique_lock lock(impl_->mutex);
  SHOGO_CHECK_OK(impl_->wait(lock, timeout, "a screen frame", [&] { return impl_->frames > since.frames; }));
  return impl_->newest_frame();
}

Result<Frame> Stage::settled_frame(milliseconds timeout) {
  SHOGO_CHECK_OK(watch_screen());
  if (impl_->trusts_tree && device().has(cap::kScreenUi)) {
    auto screen = settled_screen(timeout);
    if (screen.ok()) return std::move(screen->frame);
    const Code code = screen.error().code();
    if (code != Code::kUnsupported && code != Code::kInvalid) return screen.error();
    impl_->trusts_tree = false;  // its tree is of no use; its pixels may be
  }
  std::unique_lock lock(impl_->mutex);
  SHOGO_CHECK_OK(impl_->wait(lock, kLongWait, "a screen frame", [&] { return impl_->frames > 0; }));
  const Nanoseconds give_up = impl_->clock.now() + Nanoseconds(timeout);
  // A new state means a new picture, which may come a moment later: both begin the quiet anew.
  for (bool at_rest = false; !at_rest && impl_->clock.now() < give_up;) {
    SHOGO_TRY(at_rest, impl_->quiet(lock, impl_->last_activity));
  }
  return impl_->newest_frame();
}

Result<Screen> Stage::settled_screen(milliseconds timeout) {
  SHOGO_CHECK_OK(watch_screen());
  const Nanoseconds give_up = impl_->clock.now() + Nanoseconds(timeout);
  for (;;) {
    SHOGO_TRY(UiTree tree, ui_tree());
    const bool late = impl_->clock.now() >= give_up;
    if (!impl_->trusts_tree || !tree.frame) {
      impl_->trusts_tree = false;
      SHOGO_TRY(Frame frame, settled_frame(timeout));
      SHOGO_TRY(UiTree after, ui_tree());
      if (late || after.nodes == tree.nodes) return Screen{std::move(after), std::move(frame)};
      continue;
    }
    {
      std::unique_lock lock(impl_->mutex);
      SHOGO_CHECK_OK(impl_->wait(lock, kLongWait, fmt::format("the screen frame {}", *tree.frame),
                                 [&] { return impl_->frames > 0 && impl_->newest.seq >= *tree.frame; }));
      // The screen has gone on since the device answered: ask again.
      if (impl_->newest.seq > *tree.frame && !late) continue;
      SHOGO_TRY(Frame frame, impl_->newest_frame());
      const bool doubted = !late && impl_->doubts_left > 0 && impl_->doubt.below(kDoubtOneIn) == 0;
      if (!doubted) return Screen{std::move(tree), std::move(frame)};
      --impl_->doubts_left;
      SHOGO_TRY(const bool at_rest, impl_->quiet(lock, impl_->clock.now()));
      if (at_rest) return Screen{std::move(tree), std::move(frame)};
    }
    // Something moved: another screen, a clock that went on, or the picture of the very tree that was at
    // rest.
    SHOGO_TRY(const UiTree after, ui_tree());
    if (after.nodes != tree.nodes || after.frame == tree.frame) continue;
    record(source::kHarness, "screen_not_at_rest",
           {{"named", *tree.frame}, {"then", after.frame.value_or(0)}});
    impl_->trusts_tree = false;
  }
}

Result<Frame> Stage::keep_frame(std::string_view name) {
  SHOGO_TRY(Frame frame, settled_frame());
  SHOGO_TRY(Bytes png, ours(encode_png(frame.image)));
  record(source::kDevice, "frame",
         {{"name", name}, {"width", frame.image.width}, {"height", frame.image.height}}, name, "png",
         std::move(png));
  return frame;
}

Result<UiTree> Stage::ui_tree() {
  if (!device().has(cap::kScreenUi))
    return Error{Code::kUnsupported, "the device does not declare screen.ui"};
  SHOGO_TRY(const json::value answer, call("get_ui_tree"));
  return parse_ui_tree(answer);
}

}  // namespace shogo::conformance
