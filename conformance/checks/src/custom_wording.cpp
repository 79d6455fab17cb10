// 3-11.c: the clinic's own wording is shown exactly as it was set (long, with what others take for markup,
// with characters of four bytes), is there after a restart, and leaves every button where a finger finds it.
#include "card_trace.h"
#include "checks.h"
#include "device_restart.h"
#include "journey.h"
#include "screen_record.h"
#include "whole_script.h"
#include <algorithm>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

constexpr const char* kSetting = "text_idle";
/// Synthetic. The first is as long as such a text may be.
constexpr const char* kTexts[] = {
    "診察券や紹介状をお持ちの方は、カードを置く前に受付の職員へ声をかけてください。照",
    "<b>&lt;お知らせ&gt;</b> %s {0} \\n </div>",
    "𠮷田𩸽科　髙﨑㈱ 𠮟 葛󠄀城①",
};

Result<void> look(Stage& stage, std::string_view moment, std::string_view given) {
  SHOGO_TRY(const json::value settings, stage.call("get_settings"));
  const json::object* object = settings.if_object();
  SHOGO_TRY(const Screen screen, stage.settled_screen());
  stage.note(
      "wording",
      {{"moment", moment}, {"given", given}, {"back", object == nullptr ? "" : text_of(*object, kSetting)}});
  return record_screen(stage, screen, moment);
}

bool is_button(const UiNode& node) {
  return node.role == "button";
}

bool overlaps(const UiNode& a, const UiNode& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

}  // namespace

Result<void> stimulate_custom_wording(Stage& stage) {
  SHOGO_CHECK_OK(look(stage, "before", ""));
  std::size_t i = 0;
  for (const char* text : kTexts) {
    const auto taken = stage.set_settings({{kSetting, text}});
    if (!taken.ok() && i == 0) return taken;  // no such setting at all
    stage.note("set", {{"text", text}, {"taken", taken.ok()}});
    if (taken.ok()) SHOGO_CHECK_OK(look(stage, fmt::format("text {}", ++i), text));
  }
  SHOGO_CHECK_OK(restart_device(stage, [&]() -> Result<void> {
    const auto asked = stage.call("reset", {{"level", "os"}}, kLongWait);
    return asked.ok() ? Result<void>() : asked.error();
  }));
  SHOGO_CHECK_OK(look(stage, "after restart", kTexts[std::size(kTexts) - 1]));
  // A finger still finds what lies under the text.
  const Mark pressed = stage.mark();
  SHOGO_CHECK_OK(press(stage, words::kStaff, "call staff"));
  const auto called = stage.wait_state({"call_staff"}, pressed, kLongWait);
  stage.note("staff_called", {{"shown", called.ok()}});
  (void)stage.set_settings({{kSetting, ""}});
  return end_script(stage);
}

Judgement judge_custom_wording(const Transcript& transcript, const CheckContext&) {
  int unreadable = 0;
  const auto screens = screens_of(transcript, unreadable);
  const auto find = [&](const std::string& moment) {
    return std::find_if(screens.begin(), screens.end(),
                        [&](const RecordedScreen& s) { return s.moment == moment; });
  };
  const auto before = find("before");
  std::string fault, fault_ja;
  const auto blame = [&](std::string en, std::string ja) {
    if (!fault.empty()) return;
    fault = std::move(en);
    fault_ja = std::move(ja);
  };
  std::int64_t texts = 0, refused = 0, buttons = 0;
  bool restarted = false;
  for (const Event* event : transcript.select(source::kStimulus, "set")) {
    const json::value* taken = event->data.if_contains("taken");
    if (taken != nullptr && taken->is_bool() && !taken->get_bool()) ++refused;
  }
  for (const Event* event : transcript.select(source::kStimulus, "wording")) {
    const std::string moment = text_of(event->data, "moment");
    const std::string given = text_of(event->data, "given");
    const auto screen = find(moment);
    if (given.empty() || screen == screens.end() || before == screens.end()) continue;
    ++texts;
    restarted = restarted || moment == "after restart";
    if (text_of(event->data, "back") != given)
      blame(
          fmt::format("{}: \"{}\" comes back as \"{}\"", moment, given, text_of(event->data, "back")),
          fmt::format("{}：設定した文言「{}」が「{}」になった", moment, given, text_of(event->data, "back")));
    const UiNode* shown = nullptr;
    for (const UiNode& node : screen->tree.nodes)
      if (node.text == given) shown = &node;
    if (shown == nullptr)
      blame(fmt::format("{}: the screen does not show \"{}\" as it was set", moment, given),
            fmt::format("{}：画面に「{}」がそのまま表示されない", moment, given));
    for (const UiNode& button : before->tree.nodes) {
      if (!is_button(button)) continue;
      ++buttons;
      const auto still =
          std::find_if(screen->tree.nodes.begin(), screen->tree.nodes.end(), [&](const UiNode& node) {
            return is_button(node) && node.id == button.id && node.enabled == button.enabled;
          });
      const bool there = still != screen->tree.nodes.end();
      if (!there || (shown != nullptr && overlaps(*still, *shown)) || still->x < 0 || still->y < 0 ||
          still->x + still->width > screen->image.width || still->y + still->height > screen->image.height)
        blame(fmt::format("{}: the text {} the button \"{}\"", moment, there ? "covers" : "takes away",
                          button.text),
              fmt::format("{}：文言により「{}」ボタンが隠れる", moment, button.text));
    }
    // The words of the tree are the device's; that something else is drawn than before is in the pixels.
    if (screen->image.pixels == before->image.pixels)
      blame(fmt::format("{}: the picture is the same as without the text", moment),
            fmt::format("{}：文言を設定しても画面が変わらない", moment));
  }
  for (const Event* event : transcript.select(source::kStimulus, "staff_called")) {
    const json::value* shown = event->data.if_contains("shown");
    if (shown != nullptr && shown->is_bool() && !shown->get_bool())
      blame("with the text in place the button for the staff does nothing",
            "文言の設定後、職員呼び出しが働かない");
  }
  Judgement judgement;
  if (!fault.empty()) {
    judgement = fail(fault, fault_ja);
  } else if (texts == 0 || buttons == 0 || unreadable > 0 || !restarted) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("{} texts were looked at, {} buttons, {} screens could not be read", texts, buttons,
                    unreadable),
        fmt::format("文言{}件、ボタン{}件、読めない画面{}件では判断できない", texts, buttons, unreadable));
  } else {
    judgement = pass(
        fmt::format("{} screens showed the clinic's words exactly, one of them after a restart, and kept all "
                    "buttons",
                    texts),
        fmt::format("{}画面で設定した文言がそのまま表示され、再起動後も残り、ボタンは隠れなかった", texts));
  }
  judgement.measurements = {{"texts", static_cast<double>(texts), "count", "", texts},
                            {"refused", static_cast<double>(refused), "count", "= 0", texts + refused}};
  return partial(
      only_if_whole(std::move(judgement), transcript), refused == 0 ? 3 : 2, 3,
      "a text that the device refuses: it is long, looks like markup or holds characters of four bytes",
      "装置が受け付けない文言（長い、マークアップ、4バイト文字のいずれか）");
}

}  // namespace shogo::conformance
