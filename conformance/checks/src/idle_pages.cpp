// 3-10.c: nothing changes unless the patient asks for it. The script rests on one page after the other for
// twice the idle time; the only change allowed is the safe end of the session, and the page must have
// announced it. 3-13, the part without a face: the time limit that is set is the one that is kept.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "whole_script.h"
#include <array>
#include <cmath>
#include <set>

#include <fmt/core.h>

#include <shogo/conformance/png.h>

namespace shogo::conformance {
namespace {

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr int kNormalIdleTimeout_ms = 60'000;
constexpr int kRest_ms = 750;
/// The safe ends of a session: nothing was agreed to, nothing went on.
const std::set<std::string> kSafe{"take_card", "wiping", "idle"};

enum class Page { kMethod, kPin, kConsent, kCallStaff, kRegisterAsk, kNotice, kResult };
struct Rest {
  Page page;
  const char* name;
  bool quick;
};
constexpr Rest kRests[] = {
    {Page::kMethod, "method", true},
    {Page::kPin, "pin", false},
    {Page::kConsent, "consent", true},
    {Page::kCallStaff, "call_staff", false},
    {Page::kRegisterAsk, "register_ask", false},
    {Page::kNotice, "expiry_notice", false},
    {Page::kResult, "result_ok", false},
};

/// Leaves the device on that page.
Result<void> go_to(Stage& stage, Page page) {
  switch (page) {
    case Page::kMethod:
    case Page::kCallStaff: {
      const Mark start = stage.mark();
      SHOGO_CHECK_OK(stage.ours(stage.world().place_card(kWho)));
      SHOGO_CHECK_OK(stage.wait_state({"method"}, start));
      if (page == Page::kMethod) return {};
      SHOGO_CHECK_OK(press(stage, words::kStaff, "call staff"));
      SHOGO_CHECK_OK(stage.wait_state({"call_staff"}));
      return {};
    }
    case Page::kPin:
      return go_to_pin(stage, kWho);
    case Page::kConsent:
    case Page::kRegisterAsk:
    case Page::kNotice: {
      const sim::Patient who = page == Page::kConsent       ? kWho
                               : page == Page::kRegisterAsk ? sim::Patient::kNotRegistered
                                                            : sim::Patient::kExpiresSoon;
      SHOGO_TRY(const Event state, enter_right_pin(stage, who));
      (void)state;
      return {};
    }
    case Page::kResult: {
      SHOGO_TRY(const Event state, enter_right_pin(stage, sim::Patient::kGrace));
      (void)state;
      for (int i = 0; i < 4; ++i) {
        const auto now = stage.last_state();
        if (now && text_of(now->data, "name") == "result_ok") return {};
        const Mark pressed = stage.mark();
        SHOGO_TRY(const UiTree tree, stage.ui_tree());
        const bool question = find_button(tree, words::kDisagree) != nullptr;
        SHOGO_CHECK_OK(press(stage, question ? words::kDisagree : words::kNext, "go on"));
        SHOGO_CHECK_OK(stage.wait_event("the next page", pressed, [](const Event& event) {
          return event.source == source::kDevice && event.kind == "state" &&
                 text_of(event.data, "name") != "verifying";
        }));
      }
      return Error{Code::kConflict, "the device goes on asking"};
    }
  }
  return {};
}

Result<void> rest(Stage& stage, const Rest& where) {
  begin_step(stage, where.name, where.page == Page::kRegisterAsk ? sim::Patient::kNotRegistered : kWho);
  SHOGO_CHECK_OK(stage.watch_screen());
  SHOGO_CHECK_OK(go_to(stage, where.page));
  SHOGO_CHECK_OK(stage.keep_frame(fmt::format("{}_before", where.name)));
  const auto now = stage.last_state();
  const Mark begin = stage.mark();
  SHOGO_CHECK_OK(stage.set_settings({{"idle_timeout_ms", kRest_ms}}));
  stage.note("rest", {{"state", now ? text_of(now->data, "name") : ""}, {"idle_timeout_ms", kRest_ms}});
  // What the page looks like shortly before its time is over.
  const auto announcement = stage.frame_after(begin, milliseconds{kRest_ms});
  if (announcement.ok()) {
    SHOGO_TRY(Bytes png, stage.ours(encode_png(announcement->image)));
    stage.record(source::kDevice, "frame", {{"name", fmt::format("{}_announced", where.name)}},
                 fmt::format("{}_announced", where.name), "png", std::move(png));
  }
  SHOGO_CHECK_OK(stage.linger(milliseconds{2 * kRest_ms}));
  stage.note("rest_over");
  SHOGO_CHECK_OK(stage.set_settings({{"idle_timeout_ms", kNormalIdleTimeout_ms}}));
  return finish(stage);
}

}  // namespace

Result<void> stimulate_idle_pages(Stage& stage) {
  SHOGO_CHECK_OK(stage.set_settings({{"idle_timeout_ms", kNormalIdleTimeout_ms}}));
  for (const Rest& where : kRests) {
    if (stage.profile() == "quick" && !where.quick) continue;
    SHOGO_CHECK_OK(rest(stage, where));
  }
  SHOGO_CHECK_OK(note_hand_overs(stage, 1));
  return end_script(stage);
}

Judgement judge_idle_pages(const Transcript& transcript, const CheckContext&) {
  std::int64_t pages = 0;
  std::int64_t ended = 0;
  std::vector<std::string> faults;
  for (const Step& step : steps_of(transcript)) {
    std::string page;
    bool resting = false;
    bool announced = false;
    bool over = false;
    for (const Event* event : step.events) {
      if (event->source == source::kStimulus && event->kind == "rest") {
        page = text_of(event->data, "state");
        resting = true;
        ++pages;
      } else if (event->source == source::kStimulus && event->kind == "rest_over") {
        resting = false;
        over = true;
      } else if (resting && event->source == source::kDevice && event->kind == "frame") {
        announced = true;
      } else if (resting && event->source == source::kDevice && event->kind == "state") {
        const std::string name = text_of(event->data, "name");
        if (name == page) continue;
        if (kSafe.count(name) == 0) {
          faults.push_back(fmt::format("{} changed to {} by itself", page, name));
        } else if (!announced) {
          faults.push_back(fmt::format("{} ended without having announced it", page));
        }
        ++ended;
        resting = false;
      }
    }
    if (!page.empty() && !over) faults.push_back(fmt::format("{}: the rest was not played to its end", page));
  }
  for (const Event* event : transcript.select(source::kHost, "hand_over"))
    for (const auto& flag : event->data)
      if (flag.value().is_string() && std::string_view(flag.key()).ends_with("ConsFlg") &&
          flag.value() == "1")
        faults.push_back(
            fmt::format("silence was handed over as consent ({})", std::string_view(flag.key())));
  Judgement judgement;
  if (pages == 0) {
    judgement = inconclusive(Reason::kControlFailed, "no page was rested on", "どの画面でも待っていない");
  } else if (!faults.empty()) {
    std::string all;
    for (const std::string& fault : faults) all += (all.empty() ? "" : "; ") + fault;
    judgement = fail(all, fmt::format("操作がないのに画面が変わった：{}", all));
  } else {
    judgement =
        pass(fmt::format("{} pages rested on for twice their time: {} ended, each announced and safely; "
                         "nothing else changed",
                         pages, ended),
             fmt::format("{}画面で制限時間の2倍待った。予告後に安全に終了したもの{}、ほかに変化なし", pages,
                         ended));
  }
  judgement.measurements = {{"changes_unasked", static_cast<double>(faults.size()), "count", "= 0", pages}};
  return only_if_whole(std::move(judgement), transcript);
}

// --- 3-13

namespace {

constexpr std::array<int, 2> kQuickLimits_ms{600, 1'400};
constexpr std::array<int, 3> kFullLimits_ms{5'000, 10'000, 20'000};

}  // namespace

Result<void> stimulate_time_limits(Stage& stage) {
  std::vector<int> limits(kQuickLimits_ms.begin(), kQuickLimits_ms.end());
  if (stage.profile() != "quick") limits.assign(kFullLimits_ms.begin(), kFullLimits_ms.end());
  for (const int limit : limits) {
    begin_step(stage, fmt::format("limit_{}", limit), kWho, {{"limit_ms", limit}});
    SHOGO_CHECK_OK(stage.set_settings({{"idle_timeout_ms", limit}}));
    const Mark start = stage.mark();
    SHOGO_CHECK_OK(stage.ours(stage.world().place_card(kWho)));
    SHOGO_CHECK_OK(stage.wait_state({"method"}, start));
    // A page that does not end is what the judge will see.
    (void)stage.wait_event(
        "the end of an untouched page", start,
        [](const Event& event) { return event.source == source::kDevice && event.kind == "result"; },
        milliseconds{2 * limit + 500});
    SHOGO_CHECK_OK(stage.set_settings({{"idle_timeout_ms", kNormalIdleTimeout_ms}}));
    SHOGO_CHECK_OK(finish(stage));
  }
  return end_script(stage);
}

Judgement judge_time_limits(const Transcript& transcript, const CheckContext& context) {
  const double tolerance = context.number("time_tolerance") / 100;
  std::int64_t measured = 0;
  double worst = 0;
  std::string fault;
  for (const Step& step : steps_of(transcript)) {
    const auto limit = static_cast<double>(integer_of(step.data, "limit_ms", 0));
    if (limit <= 0) continue;
    double begin = -1;
    double end = -1;
    for (const Event* event : step.events) {
      if (event->source != source::kDevice) continue;
      // The device's own clock where it gives one: the harness may be busy.
      const double at = static_cast<double>(integer_of(event->data, "t_dev", event->t_ns)) / 1e6;
      if (event->kind == "state" && text_of(event->data, "name") == "method") begin = at;
      if (event->kind == "result" && text_of(event->data, "reason") == "timeout" && end < 0) end = at;
    }
    if (begin < 0) continue;
    ++measured;
    if (end < 0) {
      fault = fmt::format("set to {} ms, the page did not end within twice that time", limit);
      worst = 1;
      continue;
    }
    const double off = std::abs(end - begin - limit) / limit;
    worst = std::max(worst, off);
    if (off > tolerance)
      fault = fmt::format("set to {} ms, the page ended after {:.0f} ms", limit, end - begin);
  }
  Judgement judgement;
  if (measured < 2 && fault.empty()) {
    judgement = inconclusive(Reason::kControlFailed, "fewer than two time limits were played",
                             "制限時間を2通り以上試せていない");
  } else if (!fault.empty()) {
    judgement = fail(fault, fmt::format("設定した時間が守られない：{}", fault));
  } else {
    judgement = inconclusive(
        Reason::kPartial,
        fmt::format(
            "the time limits of the PIN side are kept ({} settings); those of face authentication and its "
            "retries could not be given: the device offers no face authentication here",
            measured),
        fmt::format("暗証番号側の制限時間{}通りは守られた。顔認証の時間とリトライは、この装置では試せない",
                    measured));
  }
  judgement.measurements = {
      {"time_deviation", worst * 100, "%", fmt::format("<= {}", tolerance * 100), measured}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
