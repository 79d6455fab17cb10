// 1-22.c, 1-22.d: the script. Staff watch the mirror while patients type PINs on shuffled keypads (and take
// them back, so that no try is used up) and answer questions in two ways. Fingers rest on keys as fingers do:
// a mirror that shows a pressed key must be caught at it.
#include "screen_mirror.h"

#include "card_trace.h"
#include "journey.h"
#include "staff_client.h"
#include <atomic>
#include <thread>

#include <fmt/core.h>

#include <shogo/base/bytes.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr int kEntriesQuick = 2;
constexpr int kEntriesFull = 20;
constexpr milliseconds kFinger{80};
constexpr milliseconds kLook{30};
/// What a mirror may take (1-22.c), and a little more: the judge says that it is too late.
constexpr milliseconds kFollow{1'200};
constexpr int kMostQuestions = 12;
/// So many answers in a row without a new picture: the mirror stands still. Answers, not time: on a busy
/// machine both take longer.
constexpr int kStill = 10;
constexpr int kMostWaits = 100;

/// Staff who watch: every new picture is kept with its time.
class Watcher {
 public:
  Watcher(Stage& stage, StaffClient client, StaffKeys keys)
      : stage_(stage), client_(std::move(client)), keys_(std::move(keys)), thread_([this] { watch(); }) {}
  ~Watcher() {
    stopping_ = true;
    thread_.join();
  }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  [[nodiscard]] int pictures() const { return pictures_; }
  /// Answers since the last new picture.
  [[nodiscard]] int same() const { return same_; }
  void look_anew() { same_ = 0; }

 private:
  void watch() {
    std::string tag, last;
    while (!stopping_) {
      const auto answer = client_.ask("GET", "/api/mirror.png", nullptr, keys_,
                                      tag.empty() ? "" : fmt::format("If-None-Match: {}\r\n", tag));
      if (answer.ok()) ++same_;
      if (answer.ok() && answer->status == 200) {
        tag = answer->tag;
        const std::string digest = sha256_hex(as_bytes(answer->body));
        if (digest != last) {
          last = digest;
          stage_.record(source::kHost, "mirror", {{"sha256", digest}}, "mirror", "png",
                        Bytes(answer->body.begin(), answer->body.end()));
          ++pictures_;
          same_ = 0;
        }
      }
      std::this_thread::sleep_for(kLook);
    }
  }
  Stage& stage_;
  const StaffClient client_;
  const StaffKeys keys_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> pictures_{0}, same_{0};
  std::thread thread_;
};

Result<void> rest_finger_on(Stage& stage, int x, int y) {
  for (const std::string_view phase : {"down", "up"}) {
    json::array point{x, y};
    json::array points;
    points.push_back(std::move(point));
    SHOGO_CHECK_OK(stage.call("touch", {{"points", std::move(points)}, {"phase", phase}}));
    SHOGO_CHECK_OK(stage.linger(kFinger));
  }
  return {};
}

Result<void> rest_finger_on(Stage& stage, const UiNode& node) {
  return rest_finger_on(stage, node.centre_x(), node.centre_y());
}

/// Until the mirror has followed and stands still.
Result<void> settle(Stage& stage, Watcher& watcher) {
  watcher.look_anew();
  for (int i = 0; i < kMostWaits && watcher.same() < kStill; ++i) SHOGO_CHECK_OK(stage.linger(kLook));
  return {};
}

Result<void> type_and_take_back(Stage& stage, Watcher& watcher, int entry) {
  SHOGO_CHECK_OK(go_to_pin(stage, kWho));
  SHOGO_CHECK_OK(settle(stage, watcher));
  SHOGO_TRY(const PinPad pad, PinPad::find(stage));
  stage.note("typing", {{"entry", entry}});
  // Digits of its own in every entry, so that no two would look alike in a mirror that shows them.
  for (int i = 0; i < 3; ++i) {
    const int digit = (3 * entry + i) % 10;
    const Box& box = pad.keypad().digit(digit).box;
    SHOGO_CHECK_OK(rest_finger_on(stage, static_cast<int>(box.center_x()), static_cast<int>(box.center_y())));
  }
  SHOGO_CHECK_OK(stage.linger(kFinger));
  stage.note("typed", {{"entry", entry}});
  SHOGO_CHECK_OK(leave_pin(stage));
  return finish(stage);
}

/// Answers every question with `words`; the page itself says when there are none left.
Result<void> answer_questions(Stage& stage, Watcher& watcher, const Words& words, std::string_view way) {
  SHOGO_CHECK_OK(enter_right_pin(stage, kWho));
  SHOGO_CHECK_OK(settle(stage, watcher));
  stage.note("answering", {{"way", way}});
  for (int i = 0; i < kMostQuestions; ++i) {
    SHOGO_TRY(const UiTree tree, stage.ui_tree());
    if (tree.state.rfind("consent", 0) != 0) break;
    const UiNode* node = find_button(tree, words);
    if (node == nullptr) node = find_button(tree, words::kNext);
    if (node == nullptr) break;
    SHOGO_CHECK_OK(rest_finger_on(stage, *node));
  }
  stage.note("answered", {{"way", way}});
  SHOGO_CHECK_OK(stage.linger(kShortWait));
  return finish(stage);
}

}  // namespace

Result<void> stimulate_screen_mirror(Stage& stage) {
  SHOGO_TRY(const StaffClient client, StaffClient::find(stage));
  SHOGO_TRY(const StaffKeys keys, client.login(stage));
  SHOGO_CHECK_OK(stage.set_settings({{"random_keypad", true}, {"consent_bundle", false}}));
  Watcher watcher(stage, client, keys);
  for (int i = 0; i < 100 && watcher.pictures() == 0; ++i) SHOGO_CHECK_OK(stage.linger(milliseconds{50}));

  // A card comes and goes: pages that staff may see, with the device's own beside them.
  const Mark placed = stage.mark();
  SHOGO_CHECK_OK(stage.ours(stage.world().place_card(kWho)));
  SHOGO_CHECK_OK(stage.wait_state({"method"}, placed));
  SHOGO_CHECK_OK(stage.linger(kFollow));
  SHOGO_CHECK_OK(stage.keep_frame("method"));
  stage.note("compare");
  SHOGO_CHECK_OK(finish(stage));
  SHOGO_CHECK_OK(stage.linger(kFollow));

  const int entries = stage.count(kEntriesQuick, kEntriesFull);
  for (int entry = 0; entry < entries; ++entry) SHOGO_CHECK_OK(type_and_take_back(stage, watcher, entry));
  SHOGO_CHECK_OK(answer_questions(stage, watcher, words::kAgree, "agree"));
  SHOGO_CHECK_OK(answer_questions(stage, watcher, words::kDisagree, "disagree"));
  return end_script(stage);
}

}  // namespace shogo::conformance
