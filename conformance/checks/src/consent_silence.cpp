// 1-9.b: no consent comes about without a clear act of the patient. Somebody lets the time run out, somebody
// leaves, somebody refuses; what reached the clinic's other programs tells what the device made of it.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "whole_script.h"
#include <array>

#include <fmt/core.h>

#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr int kSoon_ms = 900;
constexpr int kLate_ms = 60'000;
constexpr int kMostPages = 12;

constexpr const char* kSilent = "silent";
constexpr const char* kSilentLater = "silent_after_one_refusal";
constexpr const char* kLeaves = "leaves";
constexpr const char* kRefuses = "refuses";
constexpr const char* kAgrees = "agrees";
constexpr std::array kUnwilling{kSilent, kSilentLater, kLeaves, kRefuses};

class Visits {
 public:
  explicit Visits(Stage& stage) : stage_(stage) {}

  /// To the first question.
  Result<void> begin(const char* name) {
    begin_step(stage_, name, kWho);
    SHOGO_CHECK_OK(enter_right_pin(stage_, kWho));
    return {};
  }
  [[nodiscard]] bool asked() const {
    const auto now = stage_.last_state();
    const std::string name = now ? text_of(now->data, "name") : "";
    return name.starts_with("consent_") || name == "expiry_notice";
  }
  /// One page further: agrees or refuses where that is the question, goes on elsewhere.
  Result<void> answer(bool agree) {
    SHOGO_TRY(const UiTree tree, stage_.ui_tree());
    const UiNode* yes = find_button(tree, words::kAgree);
    const UiNode* no = find_button(tree, words::kDisagree);
    const UiNode* apart = find_button(tree, words::kOneByOne);
    const UiNode* chosen = yes != nullptr && no != nullptr ? (agree ? yes : no)
                           : apart != nullptr              ? apart
                           : yes != nullptr                ? yes
                                                           : find_button(tree, words::kNext);
    if (chosen == nullptr)
      return Error{Code::kNotFound, fmt::format("the screen {} offers no answer", tree.screen_id)};
    const Mark pressed = stage_.mark();
    SHOGO_CHECK_OK(stage_.touch(chosen->centre_x(), chosen->centre_y()));
    SHOGO_CHECK_OK(stage_.wait_event("the next page", pressed, [](const Event& event) {
      return event.source == source::kDevice && event.kind == "state" &&
             text_of(event.data, "name") != "verifying";
    }));
    return {};
  }
  Result<void> answer_all(bool agree) {
    for (int i = 0; i < kMostPages && asked(); ++i) SHOGO_CHECK_OK(answer(agree));
    return {};
  }
  Result<void> run_out_of_time() {
    const Mark still = stage_.mark();
    SHOGO_CHECK_OK(stage_.set_settings({{"idle_timeout_ms", kSoon_ms}}));
    SHOGO_CHECK_OK(stage_.wait_event("the end of a page that nobody touches", still, [](const Event& event) {
      if (event.source != source::kDevice || event.kind != "state") return false;
      const std::string name = text_of(event.data, "name");
      return !name.starts_with("consent_") && name != "expiry_notice" && name != "verifying";
    }));
    return stage_.set_settings({{"idle_timeout_ms", kLate_ms}});
  }
  /// Card away; what this visit has left behind at the clinic belongs to its step.
  Result<void> end() {
    SHOGO_CHECK_OK(finish(stage_));
    return note_new_hand_overs(stage_, kept_);
  }

 private:
  Stage& stage_;
  std::size_t kept_ = 0;
};

struct Heard {
  bool played = false;
  std::int64_t agreed = 0, refused = 0;  ///< consents that reached the clinic
};

/// Of every step of this name, should there be several.
Heard heard_of(const std::vector<Step>& steps, std::string_view name) {
  Heard heard;
  for (const Step& step : steps) {
    if (step.name() != name) continue;
    heard.played = true;
    for (const Event* event : step.select(source::kHost, "hand_over"))
      for (const auto& pair : event->data) {
        if (!pair.key().ends_with("ConsFlg") || !pair.value().is_string()) continue;
        (pair.value().get_string() == "1" ? heard.agreed : heard.refused) += 1;
      }
  }
  return heard;
}

}  // namespace

Result<void> stimulate_consent_silence(Stage& stage) {
  const bool timed = stage.device().has(contract::cap::kSettings);
  const json::object asks_apart{{"consent_bundle", false},
                                {"ask_high_cost", true},
                                {"ask_specific", true},
                                {"ask_subsidy", stage.profile() != "quick"},
                                {"ask_referral", stage.profile() != "quick"}};
  if (timed) SHOGO_CHECK_OK(stage.set_settings(asks_apart));
  Visits visits(stage);
  if (timed) {
    for (const char* name : {kSilent, kSilentLater}) {
      SHOGO_CHECK_OK(visits.begin(name));
      if (name == kSilentLater) SHOGO_CHECK_OK(visits.answer(false));
      SHOGO_CHECK_OK(visits.run_out_of_time());
      SHOGO_CHECK_OK(visits.end());
    }
  }
  SHOGO_CHECK_OK(visits.begin(kLeaves));
  SHOGO_CHECK_OK(visits.end());
  for (const bool agree : {false, true}) {
    SHOGO_CHECK_OK(visits.begin(agree ? kAgrees : kRefuses));
    SHOGO_CHECK_OK(visits.answer_all(agree));
    SHOGO_CHECK_OK(visits.end());
  }
  return end_script(stage);
}

Judgement judge_consent_silence(const Transcript& transcript, const CheckContext&) {
  const std::vector<Step> steps = steps_of(transcript);
  int played = 0;
  std::int64_t uninvited = 0;
  std::string who;
  for (const char* name : kUnwilling) {
    const Heard heard = heard_of(steps, name);
    if (!heard.played) continue;
    ++played;
    uninvited += heard.agreed;
    if (heard.agreed > 0) who += fmt::format("{}{}: {}", who.empty() ? "" : ", ", name, heard.agreed);
  }
  const std::int64_t agreed = heard_of(steps, kAgrees).agreed;
  Judgement judgement;
  if (uninvited > 0) {
    judgement = fail(fmt::format("consents reached the clinic that nobody gave ({})", who),
                     fmt::format("患者が同意していないのに同意として伝わった（{}）", who));
  } else if (agreed == 0) {
    judgement =
        inconclusive(Reason::kControlFailed,
                     "the control did not hold: of who agrees to everything no consent arrives either",
                     "対照が成立しない：すべて同意した人の同意も届いていない");
  } else if (heard_of(steps, kRefuses).refused == 0) {
    judgement =
        inconclusive(Reason::kControlFailed, "no refusal arrived, so whether it is honoured is not known",
                     "「同意しない」の結果が届かず、そのとおり扱われたか分からない");
  } else {
    judgement = pass(
        fmt::format("time run out, leaving and refusing gave no consent; {} flags of who agrees did", agreed),
        fmt::format("時間切れ、離席、不同意では同意とならず、同意した人の{}項目は同意となった", agreed));
  }
  judgement.measurements = {{"consents_not_given", static_cast<double>(uninvited), "count", "= 0", played}};
  return partial(only_if_whole(std::move(judgement), transcript), played, static_cast<int>(kUnwilling.size()),
                 "letting time run out: the device's idle timeout cannot be set",
                 "時間切れ（無操作の時間を設定できない）");
}

}  // namespace shogo::conformance
