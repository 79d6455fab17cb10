// 3-10.g: agree above disagree on every consent screen, in every language, never side by side. Which button
// agrees is not taken from its words alone: one visit presses the first of each pair, another the second, and
// what reached the clinic tells. Where the buttons are is measured in pixels.
#include "card_trace.h"
#include "checks.h"
#include "drawn_box.h"
#include "journey.h"
#include "whole_script.h"
#include <map>
#include <set>

#include <fmt/core.h>

#include <shogo/conformance/png.h>

namespace shogo::conformance {
namespace {

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr int kMostLanguages = 4;  // 1-22.a names three beside Japanese
constexpr int kMostScreens = 12;   // a device that asks without end must not hold the bench

struct Flag {
  std::string_view state, name;
};
/// Which element of the handed-over file tells of which screen.
constexpr Flag kFlags[] = {
    {"consent_operations", "OperationInfoConsFlg"},
    {"consent_diagnosis", "DiagnosisInfoConsFlg"},
    {"consent_checkup", "SpecificHealthCheckupsInfoConsFlg"},
    {"consent_high_cost", "LimitApplicationCertificateRelatedConsFlg"},
    {"consent_specific", "SpecificDiseasesCertificateRelatedConsFlg"},
    {"consent_subsidy", "PublicExpenseConsFlg"},
    {"consent_referral", "ReferralConsFlg"},
};

/// In the four languages of 1-22; what refuses often holds the word that agrees.
const Words kAgreeAnywhere{"同意",     "提供",  "登録する",   "登记",       "Agree",     "Share",
                           "Register", "Allow", "동의합니다", "제공합니다", "등록합니다"};
const Words kRefuseAnywhere{"しない", "不同意", "不提供", "不登记", "Do not", "Decline", "하지 않습니다"};
const Words kNextAnywhere{"次へ", "続ける", "Next", "Continue", "OK", "下一步", "다음"};

const UiNode* button_of(const UiTree& tree, const Words& wanted, const Words* unwanted = nullptr) {
  const auto says = [](const UiNode& node, const Words& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](std::string_view word) { return node.text.find(word) != std::string::npos; });
  };
  for (const UiNode& node : tree.nodes)
    if (node.role == "button" && node.enabled && says(node, wanted) &&
        (unwanted == nullptr || !says(node, *unwanted)))
      return &node;
  return nullptr;
}

std::string language_now(Stage& stage) {
  const auto now = stage.last_state();
  return now ? text_of(now->data, "lang") : "";
}

/// Presses the key that changes the language `turns` times. False: it has come round to `first`, or there is
/// no such key.
Result<bool> turn_language(Stage& stage, int turns, const std::string& first) {
  for (int turn = 0; turn < turns; ++turn) {
    SHOGO_TRY(const UiTree tree, stage.ui_tree());
    const UiNode* key = button_of(tree, words::kLanguage);
    if (key == nullptr) return false;
    const Mark before = stage.mark();
    SHOGO_CHECK_OK(stage.touch(key->centre_x(), key->centre_y()));
    SHOGO_CHECK_OK(stage.wait_event("the other language", before, [](const Event& event) {
      return event.source == source::kDevice && event.kind == "state";
    }));
    if (language_now(stage) == first) return false;
  }
  return true;
}

boost::json::object box_of(const Box& box) {
  return {{"left", box.left}, {"top", box.top}, {"right", box.right}, {"bottom", box.bottom}};
}

/// Until the questions end: measures both buttons of each page and presses one of them.
Result<void> answer_everything(Stage& stage, bool agree) {
  for (int i = 0; i < kMostScreens; ++i) {
    const auto now = stage.last_state();
    const std::string name = now ? text_of(now->data, "name") : "";
    if (!name.starts_with("consent_") && name != "expiry_notice") return {};
    SHOGO_TRY(const Screen screen, stage.settled_screen());
    const UiNode* yes = button_of(screen.tree, kAgreeAnywhere, &kRefuseAnywhere);
    const UiNode* no = button_of(screen.tree, kRefuseAnywhere);
    if (yes != nullptr && no != nullptr) {
      const auto yes_box = drawn_box(screen.frame.image, *yes);
      const auto no_box = drawn_box(screen.frame.image, *no);
      SHOGO_CHECK_OK(stage.keep_frame(fmt::format("{}_{}", name, text_of(now->data, "lang"))));
      boost::json::object data{{"state", name}, {"lang", text_of(now->data, "lang")}, {"pressed", agree}};
      if (yes_box) data["agree"] = box_of(*yes_box);
      if (no_box) data["disagree"] = box_of(*no_box);
      stage.record(source::kDevice, "choice_boxes", std::move(data));
    }
    const Mark pressed = stage.mark();
    if (yes != nullptr && no != nullptr) {
      const UiNode* chosen = agree ? yes : no;
      SHOGO_CHECK_OK(stage.touch(chosen->centre_x(), chosen->centre_y()));
    } else if (find_button(screen.tree, words::kOneByOne) != nullptr) {
      SHOGO_CHECK_OK(press(stage, words::kOneByOne, "one by one"));
    } else if (yes != nullptr) {
      SHOGO_CHECK_OK(stage.touch(yes->centre_x(), yes->centre_y()));
    } else {
      SHOGO_CHECK_OK(press(stage, kNextAnywhere, "go on"));
    }
    SHOGO_CHECK_OK(stage.wait_event("the next page", pressed, [](const Event& event) {
      return event.source == source::kDevice && event.kind == "state" &&
             text_of(event.data, "name") != "verifying";
    }));
  }
  return Error{Code::kConflict, "the device goes on asking"};
}

struct Pair {
  std::string state, lang;
  Box agree, disagree;
  bool measured = false;
};

Box box_from(const boost::json::object& data, std::string_view key) {
  const boost::json::value* box = data.if_contains(key);
  if (box == nullptr || !box->is_object()) return {};
  const auto edge = [&](std::string_view name) {
    const boost::json::value* v = box->get_object().if_contains(name);
    boost::json::error_code ec;
    const double number = v == nullptr ? 0 : v->to_number<double>(ec);
    return ec ? 0 : number;
  };
  return {edge("left"), edge("top"), edge("right"), edge("bottom")};
}

std::string fault_of(const Pair& pair) {
  const std::string where = fmt::format("{} ({})", pair.state, pair.lang);
  if (pair.agree.bottom <= pair.disagree.top) {
    const bool overlap = pair.agree.left < pair.disagree.right && pair.disagree.left < pair.agree.right;
    return overlap ? "" : where + ": agree is higher, but not above disagree";
  }
  if (pair.disagree.bottom <= pair.agree.top) return where + ": disagree is above agree";
  return where + ": agree and disagree stand side by side";
}

}  // namespace

Result<void> stimulate_consent_layout(Stage& stage) {
  boost::json::object all{{"consent_bundle", false}, {"ask_high_cost", true}, {"ask_specific", true}};
  if (stage.profile() != "quick") all["ask_subsidy"] = all["ask_referral"] = true;
  // A device whose questions cannot be set asks what it asks.
  (void)stage.set_settings(all);
  std::size_t visits = 0;
  bool more = true;
  for (int turns = 0; more && turns < kMostLanguages; ++turns) {
    for (const bool agree : {true, false}) {
      begin_step(stage, fmt::format("{}_{}", agree ? "agrees" : "refuses", turns + 1), kWho);
      SHOGO_TRY(const Event state, enter_right_pin(stage, kWho));
      SHOGO_TRY(more, turn_language(stage, turns, text_of(state.data, "lang")));
      // Round again: this visit says nothing new, but the patient answers what he is asked.
      SHOGO_CHECK_OK(answer_everything(stage, agree));
      SHOGO_CHECK_OK(finish(stage));
      ++visits;
      if (!more) break;
    }
  }
  SHOGO_CHECK_OK(note_hand_overs(stage, visits));
  return end_script(stage);
}

Judgement judge_consent_layout(const Transcript& transcript, const CheckContext&) {
  std::vector<Pair> pairs;
  std::set<std::string> languages;
  std::vector<std::string> faults;
  std::size_t unmeasured = 0;
  std::size_t asked_agree = 0;
  std::map<std::string, std::size_t> agreed_flags;
  const std::vector<Step> steps = steps_of(transcript);
  const auto hand_overs = transcript.select(source::kHost, "hand_over");
  std::size_t contradictions = 0;
  std::size_t visit = 0;
  for (const Step& step : steps) {
    const boost::json::object* flags = visit < hand_overs.size() ? &hand_overs[visit]->data : nullptr;
    ++visit;
    for (const Event* event : step.select(source::kDevice, "choice_boxes")) {
      Pair pair{text_of(event->data, "state"), text_of(event->data, "lang"), box_from(event->data, "agree"),
                box_from(event->data, "disagree"),
                event->data.contains("agree") && event->data.contains("disagree")};
      if (!pair.measured) {
        ++unmeasured;
        continue;
      }
      languages.insert(pair.lang);
      if (std::string fault = fault_of(pair); !fault.empty()) faults.push_back(std::move(fault));
      const boost::json::value* pressed = event->data.if_contains("pressed");
      const bool agree = pressed != nullptr && pressed->is_bool() && pressed->get_bool();
      asked_agree += agree ? 1 : 0;
      for (const auto& [state, name] : kFlags) {
        if (flags == nullptr || state != pair.state) continue;
        const std::string flag = text_of(*flags, name);
        if (flag.empty()) continue;
        ++agreed_flags[flag];
        if (flag != (agree ? "1" : "0")) {
          ++contradictions;
          faults.push_back(fmt::format("{} ({}): the button that says {} did not do it", pair.state,
                                       pair.lang, agree ? "agree" : "disagree"));
        }
      }
      pairs.push_back(std::move(pair));
    }
  }
  Judgement judgement;
  if (!faults.empty()) {
    std::string all;
    for (const std::string& fault : faults) all += (all.empty() ? "" : "; ") + fault;
    judgement = fail(all, fmt::format("同意画面の配置が要件と異なる：{}", all));
  } else if (pairs.empty() || asked_agree == 0 || unmeasured > 0) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("{} consent screens were measured, {} could not be", pairs.size(), unmeasured),
        fmt::format("同意画面{}枚を測れたが、{}枚は測れなかった", pairs.size(), unmeasured));
  } else if (agreed_flags["1"] == 0 || agreed_flags["0"] == 0) {
    judgement = inconclusive(Reason::kControlFailed,
                             "nothing of the answers reached the clinic, so which button agrees is not known",
                             "回答が受付側に届いておらず、どちらのボタンが同意か確かめられない");
  } else {
    judgement =
        pass(fmt::format("{} consent screens in {} languages: agree above disagree, overlapping columns",
                         pairs.size() / 2, languages.size()),
             fmt::format("同意画面{}枚（{}言語）で「同意する」が「同意しない」の真上にあった",
                         pairs.size() / 2, languages.size()));
  }
  const auto n = static_cast<std::int64_t>(pairs.size());
  judgement.measurements = {{"misplaced", static_cast<double>(faults.size()), "count", "= 0", n},
                            {"languages", static_cast<double>(languages.size()), "count", "", n}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
