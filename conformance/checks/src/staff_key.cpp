// 1-13.k: where subsidies, prescriptions and referrals are chosen, a key of the physical keypad calls the
// staff, because nothing on these pages that names an illness or a clinic is said aloud.
//
// The call is looked for where the staff are, at the clinic PC's management. A call by touch comes first: it
// shows that a call can be seen there.
#include "staff_key.h"

#include "card_trace.h"
#include "physical_keypad.h"
#include "selection_pages.h"
#include "staff_client.h"
#include "whole_script.h"
#include <algorithm>
#include <set>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr int kMostPages = 12;
constexpr milliseconds kLook{20};
/// Longer than a device may take: it is the judge who says that it is too late.
constexpr milliseconds kPatience{3'500};
/// What the management calls a reader whose patient waits for the staff (docs/management.md).
constexpr std::string_view kCalled = "staff";
constexpr std::string_view kByTouch = "touch", kByKey = "key", kNoKey = "none";
const Words kBackWords{"戻る", "Back"};
/// Lists of two names each, so that there is something to ask the staff about.
const CanaryNames& listed_names() {
  return canary_names("first");
}

class Patient {
 public:
  Patient(Stage& stage, StaffClient staff, StaffKeys keys)
      : stage_(stage), staff_(std::move(staff)), keys_(std::move(keys)) {}

  Result<void> play() {
    SHOGO_CHECK_OK(enter_right_pin(stage_, kWho));
    bool controlled = false;
    for (int page = 0; page < kMostPages; ++page) {
      SHOGO_TRY(Screen screen, stage_.settled_screen());
      if (!screen.tree.state.starts_with("consent_") && screen.tree.state != "expiry_notice") return {};
      if (!controlled) SHOGO_CHECK_OK(call(screen, kByTouch));
      controlled = true;
      if (is_selection_page(screen.tree.state)) SHOGO_CHECK_OK(call(screen, kByKey));
      SHOGO_TRY(screen, stage_.settled_screen());
      SHOGO_TRY(screen, choose(screen));
      const UiNode* button = onward(screen.tree, names_on(listed_names(), screen.tree.state));
      if (button == nullptr) return Error{Code::kNotFound, "no button leads on from " + screen.tree.state};
      const Mark pressed = stage_.mark();
      SHOGO_CHECK_OK(stage_.touch(button->centre_x(), button->centre_y()));
      SHOGO_CHECK_OK(stage_.wait_event("the next page", pressed, [](const Event& event) {
        return event.source == source::kDevice && event.kind == "state" &&
               text_of(event.data, "name") != "verifying";
      }));
    }
    return Error{Code::kConflict, "the device goes on asking"};
  }

 private:
  Result<void> call(const Screen& screen, std::string_view by) {
    const UiNode* button = find_button(screen.tree, words::kStaff);
    const std::vector<Legend> legends = legends_of(screen);
    const auto legend =
        std::find_if(legends.begin(), legends.end(), [&](const Legend& one) { return one.button == button; });
    json::object told{{"page", screen.tree.state}, {"by", by}};
    if (button == nullptr || (by == kByKey && legend == legends.end())) {
      told["by"] = kNoKey;
      stage_.record(source::kHost, "staff_call", std::move(told));
      return {};
    }
    const auto begin = std::chrono::steady_clock::now();
    if (by == kByTouch) {
      SHOGO_CHECK_OK(stage_.touch(button->centre_x(), button->centre_y()));
    } else {
      told["key"] = std::string(1, legend->told);
      SHOGO_CHECK_OK(press_place(stage_, place_of(legend->told)));
    }
    milliseconds took{0};
    for (std::string seen; seen != kCalled && took <= kPatience;) {
      const auto answer = staff_.ask("GET", "/api/status", nullptr, keys_);
      if (answer.ok()) seen = text_at(*answer, {"reader", "phase"});
      took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
      told["seen"] = seen == kCalled;
      if (seen != kCalled) SHOGO_CHECK_OK(stage_.linger(kLook));
    }
    told["t_took_ms"] = took.count();
    stage_.record(source::kHost, "staff_call", std::move(told));
    return back_to(screen.tree.state);
  }

  /// The first name of a list; the screen then, or the same where there is nothing to choose.
  Result<Screen> choose(const Screen& screen) {
    const std::vector<std::string> names = names_on(listed_names(), screen.tree.state);
    const UiNode* first = names.empty() ? nullptr : node_with(screen.tree, names.front());
    if (first == nullptr || first->role != "button") return screen;
    SHOGO_CHECK_OK(stage_.touch(first->centre_x(), first->centre_y()));
    return stage_.settled_screen();
  }

  /// Nobody has come: the patient goes on where he was.
  Result<void> back_to(const std::string& page) {
    SHOGO_TRY(const Screen now, stage_.settled_screen());
    if (now.tree.state == page) return {};
    const UiNode* button = find_button(now.tree, kBackWords);
    if (button == nullptr) return Error{Code::kNotFound, "no button leads back to " + page};
    const Mark pressed = stage_.mark();
    SHOGO_CHECK_OK(stage_.touch(button->centre_x(), button->centre_y()));
    SHOGO_CHECK_OK(stage_.wait_state({page}, pressed));
    return {};
  }

  Stage& stage_;
  StaffClient staff_;
  StaffKeys keys_;
};

bool was_seen(const Event& event) {
  const json::value* seen = event.data.if_contains("seen");
  return seen != nullptr && seen->is_bool() && seen->get_bool();
}

}  // namespace

Result<void> stimulate_staff_key(Stage& stage) {
  SHOGO_TRY(const bool there, has_keypad(stage));
  if (!there) return end_script(stage);
  SHOGO_TRY(const StaffClient staff, StaffClient::find(stage));
  SHOGO_TRY(const StaffKeys keys, staff.login(stage));
  SHOGO_CHECK_OK(stage.watch_screen());
  SHOGO_CHECK_OK(stage.set_settings({{"idle_timeout_ms", 600'000},
                                     {"consent_bundle", true},
                                     {"ask_prescription", true},
                                     {"ask_subsidy", true},
                                     {"ask_referral", true}}));
  SHOGO_CHECK_OK(give_names(stage, kWho, listed_names()));
  begin_step(stage, "calls", kWho);
  SHOGO_CHECK_OK(Patient(stage, staff, keys).play());
  SHOGO_CHECK_OK(finish(stage));
  return end_script(stage);
}

Judgement judge_staff_key(const Transcript& transcript, const CheckContext& context) {
  if (auto none = without_keypad(context)) return *std::move(none);
  const double limit_s = context.number("call_delay_max");
  std::set<std::string> pages;
  std::vector<Measurement> measured;
  std::string bad_en, bad_ja;
  bool control = false;
  double slowest = 0;
  for (const Event* event : transcript.select(source::kHost, "staff_call")) {
    const std::string page = text_of(event->data, "page");
    const std::string by = text_of(event->data, "by");
    const double took_s = static_cast<double>(integer_of(event->data, "t_took_ms", 0)) / 1e3;
    if (by == kByTouch) control = control || was_seen(*event);
    if (by == kByTouch || !is_selection_page(page)) continue;
    pages.insert(page);
    measured.push_back(
        {"call_delay: " + page, was_seen(*event) ? took_s : -1, "s", fmt::format("<= {:g} s", limit_s), 1});
    slowest = std::max(slowest, took_s);
    if (!bad_en.empty()) continue;
    if (by == kNoKey) {
      bad_en = page + ": no key is assigned to the staff's call";
      bad_ja = page + "：職員呼び出しのキーが割り当てられていない";
    } else if (!was_seen(*event)) {
      bad_en = fmt::format("{}: key {} does not call the staff", page, text_of(event->data, "key"));
      bad_ja = fmt::format("{}：{}キーを押しても職員が呼び出されない", page, text_of(event->data, "key"));
    } else if (took_s > limit_s) {
      bad_en = fmt::format("{}: the call reaches the staff after {:.1f} s", page, took_s);
      bad_ja = fmt::format("{}：呼び出しが届くまで{:.1f}秒かかった", page, took_s);
    }
  }
  Judgement judgement;
  if (!control) {
    judgement = inconclusive(Reason::kControlFailed,
                             "the control did not hold: a call by touch is not seen at the clinic PC",
                             "対照が成立しない：画面からの呼び出しも資格確認端末に届かない");
  } else if (!bad_en.empty()) {
    judgement = fail(bad_en, bad_ja);
  } else if (pages.size() < kSelectionPages.size()) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("{} of {} pages were reached", pages.size(), kSelectionPages.size()),
        fmt::format("選択画面{}件のうち{}件にしか進めなかった", kSelectionPages.size(), pages.size()));
  } else {
    judgement =
        pass(fmt::format("on {} pages the key called the staff, at the latest after {:.2f} s", pages.size(),
                         slowest),
             fmt::format("{}画面でキーを押すと職員が呼び出され、最も遅くて{:.2f}秒", pages.size(), slowest));
  }
  judgement.measurements = std::move(measured);
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
