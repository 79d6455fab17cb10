// 1-14.c: what the screen says a key does is what it does. On every page of choices the keys are pressed that
// the page names (read in the picture where that can be read, else taken from the UI tree): one visit agrees
// to everything by keys, one refuses everything, one goes back and ends. What reached the clinic tells
// whether agreement was agreement.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "physical_keypad.h"
#include "screen_record.h"
#include "selection_pages.h"
#include "whole_script.h"
#include <algorithm>
#include <set>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr int kMostPages = 20;
constexpr int kMostLanguages = 6;
/// A key that does something does it well within this time; an answer of the server may follow it.
constexpr milliseconds kEffect{2'000};
constexpr const char* kAgrees = "agrees";
constexpr const char* kRefuses = "refuses";
constexpr const char* kBack = "goes_back_and_ends";
constexpr const char* kRegisters = "registers";
constexpr std::string_view kListKey = "list_key";

const Words kPin{"暗証番号", "PIN"};
const Words kBackWords{"戻る", "Back"};

bool says(const std::string& text, const Words& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

bool is_resting(const Event& event) {
  if (event.source != source::kDevice || event.kind != "state") return false;
  const std::string name = text_of(event.data, "name");
  return name != "verifying" && name != "wiping" && text_of(event.data, "substate") != "reading_card";
}

bool asks_for_consent(std::string_view state) {
  return state.starts_with("consent_") || state == "register_ask";
}

/// Whether a pixel in this box is another.
bool differs(const Image& before, const Image& after, const Box& box) {
  if (before.width != after.width || before.height != after.height) return true;
  const auto at = [&](double v, int most) { return std::clamp(static_cast<int>(v), 0, most); };
  for (int y = at(box.top, before.height); y < at(box.bottom, before.height); ++y) {
    const auto from = 3 * (static_cast<std::ptrdiff_t>(y) * before.width + at(box.left, before.width));
    const auto to = 3 * (static_cast<std::ptrdiff_t>(y) * before.width + at(box.right, before.width));
    if (!std::equal(before.pixels.begin() + from, before.pixels.begin() + to, after.pixels.begin() + from))
      return true;
  }
  return false;
}

class KeyVisit {
 public:
  KeyVisit(Stage& stage, std::set<std::string>& explored) : stage_(stage), explored_(explored) {}

  Result<void> play(const char* name, sim::Patient who, bool agree) {
    begin_step(stage_, name, who);
    const Mark placed = stage_.mark();
    SHOGO_CHECK_OK(stage_.ours(stage_.world().place_card(who)));
    SHOGO_CHECK_OK(stage_.wait_state({"method"}, placed));
    for (int page = 0; page < kMostPages; ++page) {
      SHOGO_TRY(Screen screen, stage_.settled_screen());
      const std::string& state = screen.tree.state;
      if (state == "pin") {
        SHOGO_CHECK_OK(enter_pin(who));
        continue;
      }
      const bool ends =
          state != "method" && state != "expiry_notice" && state != "result_ok" && !asks_for_consent(state);
      if (ends) return {};
      if (state != "result_ok") SHOGO_CHECK_OK(look_around(screen));
      if (agree) SHOGO_CHECK_OK(tick(screen));
      SHOGO_TRY(const bool felt, choose(screen, onward(screen.tree, agree)));
      if (!felt || state == "result_ok") return {};
    }
    return Error{Code::kConflict, "the device goes on asking"};
  }

  /// From the second question back to the first, and out.
  Result<void> go_back_and_end() {
    begin_step(stage_, kBack, kWho);
    SHOGO_CHECK_OK(enter_right_pin(stage_, kWho));
    SHOGO_TRY(const Screen first, stage_.settled_screen());
    SHOGO_TRY(const bool answered, choose(first, onward(first.tree, false)));
    if (!answered) return {};
    for (const Words* words : {&kBackWords, &words::kEnd}) {
      SHOGO_TRY(const Screen page, stage_.settled_screen());
      SHOGO_TRY(const bool felt, choose(page, find_button(page.tree, *words)));
      if (!felt) return {};
    }
    return {};
  }

 private:
  static const UiNode* onward(const UiTree& tree, bool agree) {
    const UiNode* yes = find_button(tree, words::kAgree);
    const UiNode* no = find_button(tree, words::kDisagree);
    if (tree.state == "method") return find_button(tree, kPin);
    if (const UiNode* apart = find_button(tree, words::kOneByOne)) return apart;
    if (yes != nullptr && no != nullptr) return agree ? yes : no;
    if (const UiNode* next = find_button(tree, words::kNext)) return next;
    for (const UiNode& node : tree.nodes) {
      const bool aside = says(node.text, words::kEnd) || says(node.text, words::kStaff) ||
                         says(node.text, words::kLanguage) || says(node.text, kBackWords);
      if (node.role == "button" && node.enabled && !aside) return &node;
    }
    return nullptr;
  }

  /// Presses the key that this button names. False: nothing came of it.
  Result<bool> choose(const Screen& screen, const UiNode* button) {
    if (button == nullptr)
      return Error{Code::kNotFound, fmt::format("the screen {} offers no choice", screen.tree.screen_id)};
    const std::vector<Legend> legends = legends_of(screen);
    const auto found = std::find_if(legends.begin(), legends.end(),
                                    [&](const Legend& legend) { return legend.button == button; });
    json::object told{{"state", screen.tree.state},
                      {"screen_id", screen.tree.screen_id},
                      {"lang", screen.tree.lang},
                      {"button", button->text}};
    if (found == legends.end()) {
      stage_.record(source::kHarness, "no_legend", std::move(told));
      return false;
    }
    told["told"] = std::string(1, found->told);
    told["seen"] = found->seen == 0 ? "" : std::string(1, found->seen);
    stage_.note("key_try", std::move(told));
    const Mark pressed = stage_.mark();
    SHOGO_CHECK_OK(press_place(stage_, place_of(found->seen == 0 ? found->told : found->seen)));
    const auto effect = stage_.wait_event("an effect of the key", pressed, is_resting, kEffect);
    if (effect.ok()) return true;
    if (effect.error().code() == Code::kTimeout) return false;
    return effect.error();
  }

  /// In a list of names nothing is chosen yet: the first of them, by the key that its box bears. What comes
  /// of it is seen in the box's pixels.
  Result<void> tick(Screen& screen) {
    const std::vector<std::string> names = names_on(canary_names("first"), screen.tree.state);
    const UiNode* name = names.empty() ? nullptr : node_with(screen.tree, names.front());
    if (name == nullptr || name->role != "button") return {};
    const std::vector<Legend> legends = legends_of(screen);
    const auto found = std::find_if(legends.begin(), legends.end(),
                                    [&](const Legend& legend) { return legend.button == name; });
    json::object told{{"state", screen.tree.state},
                      {"screen_id", screen.tree.screen_id},
                      {"lang", screen.tree.lang},
                      {"button", name->text}};
    if (found == legends.end()) {
      stage_.record(source::kHarness, "no_legend", std::move(told));
      return {};
    }
    told["told"] = std::string(1, found->told);
    told["seen"] = found->seen == 0 ? "" : std::string(1, found->seen);
    SHOGO_CHECK_OK(press_place(stage_, place_of(found->seen == 0 ? found->told : found->seen)));
    SHOGO_TRY(Screen after, stage_.settled_screen());
    told["changed"] = differs(screen.frame.image, after.frame.image, box_of(*name));
    stage_.record(source::kHarness, kListKey, std::move(told));
    screen = std::move(after);
    return {};
  }

  /// Once a page: round the languages to the first, to the staff and back.
  Result<void> look_around(Screen& screen) {
    if (!explored_.insert(screen.tree.screen_id).second) return {};
    SHOGO_CHECK_OK(record_screen(stage_, screen, "keys"));
    const std::string first = screen.tree.lang;
    for (int times = 0; times < kMostLanguages; ++times) {
      SHOGO_TRY(const bool felt, choose(screen, find_button(screen.tree, words::kLanguage)));
      if (!felt) return {};
      SHOGO_TRY(screen, stage_.settled_screen());
      if (screen.tree.lang == first) break;
    }
    SHOGO_TRY(const bool called, choose(screen, find_button(screen.tree, words::kStaff)));
    if (!called) return {};
    SHOGO_TRY(const Screen staff, stage_.settled_screen());
    SHOGO_TRY([[maybe_unused]] const bool returned, choose(staff, find_button(staff.tree, kBackWords)));
    SHOGO_TRY(screen, stage_.settled_screen());
    return {};
  }

  Result<void> enter_pin(sim::Patient who) {
    // A person waits for nothing between two keys; the card is asked afterwards.
    for (const std::uint8_t digit : stage_.world().pin_of(who).expose())
      SHOGO_CHECK_OK(type_secretly(static_cast<char>(digit)));
    return send_entry(stage_);
  }
  /// Which keys those were is not written down.
  Result<void> type_secretly(char digit) {
    const Mark pressed = stage_.mark();
    SHOGO_CHECK_OK(press_unseen(stage_, place_of(digit)));
    const auto felt = stage_.frame_after(pressed, kShortWait);
    return felt.ok() || felt.error().code() == Code::kTimeout ? Result<void>() : Result<void>(felt.error());
  }

  Stage& stage_;
  std::set<std::string>& explored_;
};

/// One key, with what the device came to rest at.
struct Try {
  std::string step, state, screen, lang, button, told, seen;
  const Event* after = nullptr;
};

std::vector<Try> tries_of(const Transcript& transcript) {
  std::vector<Try> tries;
  std::string step;
  bool open = false;
  for (const Event& event : transcript.events()) {
    if (event.source == source::kStimulus && event.kind == "step") {
      step = text_of(event.data, "name");
      open = false;
    } else if (event.source == source::kStimulus && event.kind == "key_try") {
      const auto text = [&](std::string_view key) { return text_of(event.data, key); };
      tries.push_back({step, text("state"), text("screen_id"), text("lang"), text("button"), text("told"),
                       text("seen"), nullptr});
      open = true;
    } else if (event.source == source::kCard && event.kind == "taken") {
      open = false;
    } else if (open && is_resting(event)) {
      tries.back().after = &event;
    }
  }
  return tries;
}

std::string fault_of(const Try& one) {
  const std::string where = fmt::format("{} ({}), key {} at \"{}\"", one.state, one.lang,
                                        one.seen.empty() ? one.told : one.seen, one.button);
  if (!one.seen.empty() && one.seen != one.told)
    return fmt::format("{}: the picture says {}, the UI tree {}", where, one.seen, one.told);
  if (one.after == nullptr) return where + " does nothing";
  const std::string name = text_of(one.after->data, "name");
  const std::string lang = text_of(one.after->data, "lang");
  const bool moved = name != one.state || text_of(one.after->data, "screen_id") != one.screen;
  if (says(one.button, words::kStaff)) return name == "call_staff" ? "" : where + " leads to " + name;
  if (says(one.button, words::kLanguage))
    return lang != one.lang && name == one.state ? "" : where + " does not change the language";
  if (says(one.button, words::kEnd)) return asks_for_consent(name) || !moved ? where + " does not end" : "";
  if (one.state == "method") return name == "method" ? where + " leads nowhere" : "";
  return moved ? "" : where + " leads nowhere";
}

/// A key of a list: what is wrong with it; empty: nothing.
std::string fault_of_list(const Event& event) {
  const std::string told = text_of(event.data, "told"), seen = text_of(event.data, "seen");
  const json::value* changed = event.data.if_contains("changed");
  const std::string where = fmt::format("{} ({}), key {} at a name", text_of(event.data, "state"),
                                        text_of(event.data, "lang"), seen.empty() ? told : seen);
  if (!seen.empty() && seen != told)
    return fmt::format("{}: the picture says {}, the UI tree {}", where, seen, told);
  return changed != nullptr && changed->is_bool() && changed->get_bool() ? "" : where + " does nothing";
}

/// Consents that were handed over in steps of this name.
std::vector<std::string> flags_of(const std::vector<Step>& steps, std::string_view name) {
  std::vector<std::string> flags;
  for (const Step& step : steps) {
    if (step.name() != name) continue;
    for (const Event* event : step.select(source::kHost, "hand_over"))
      for (const auto& pair : event->data)
        if (pair.key().ends_with("ConsFlg") && pair.value().is_string())
          flags.emplace_back(pair.value().get_string());
  }
  return flags;
}

}  // namespace

Result<void> stimulate_key_legends(Stage& stage) {
  SHOGO_TRY(const bool there, has_keypad(stage));
  if (!there) return end_script(stage);
  SHOGO_CHECK_OK(stage.watch_screen());
  json::object all{{"consent_bundle", true}, {"ask_high_cost", true}, {"ask_specific", true}};
  all["ask_referral"] = true;
  if (stage.profile() != "quick") all["ask_subsidy"] = all["ask_prescription"] = true;
  SHOGO_CHECK_OK(give_names(stage, kWho, canary_names("first")));
  (void)stage.set_settings(all);  // a device whose questions cannot be set asks what it asks
  std::set<std::string> explored;
  KeyVisit visit(stage, explored);
  std::size_t handed_over = 0;
  const auto end = [&]() -> Result<void> {
    SHOGO_CHECK_OK(finish(stage));
    return note_new_hand_overs(stage, handed_over);
  };
  SHOGO_CHECK_OK(visit.play(kAgrees, kWho, true));
  SHOGO_CHECK_OK(end());
  SHOGO_CHECK_OK(visit.play(kRefuses, kWho, false));
  SHOGO_CHECK_OK(end());
  SHOGO_CHECK_OK(visit.go_back_and_end());
  SHOGO_CHECK_OK(end());
  SHOGO_CHECK_OK(visit.play(kRegisters, sim::Patient::kNotRegistered, true));
  note_register(stage, sim::Patient::kNotRegistered);
  SHOGO_CHECK_OK(end());
  return end_script(stage);
}

Judgement judge_key_legends(const Transcript& transcript, const CheckContext& context) {
  if (auto none = without_keypad(context)) return *std::move(none);
  const std::vector<Step> steps = steps_of(transcript);
  const std::vector<Try> tries = tries_of(transcript);
  std::vector<std::string> faults;
  std::set<std::string> screens;
  std::int64_t unread = 0;
  for (const Try& one : tries) {
    screens.insert(one.screen);
    unread += one.seen.empty() ? 1 : 0;
    if (std::string fault = fault_of(one); !fault.empty()) faults.push_back(std::move(fault));
  }
  for (const Event* event : transcript.select(source::kHarness, "no_legend"))
    faults.push_back(fmt::format("{} ({}) names no key for \"{}\"", text_of(event->data, "state"),
                                 text_of(event->data, "lang"), text_of(event->data, "button")));
  for (const Event* event : transcript.select(source::kHarness, kListKey))
    if (std::string fault = fault_of_list(*event); !fault.empty()) faults.push_back(std::move(fault));
  const auto agreed = flags_of(steps, kAgrees);
  const auto refused = flags_of(steps, kRefuses);
  const auto others = [](const std::vector<std::string>& flags, std::string_view than) {
    return std::count_if(flags.begin(), flags.end(), [&](const std::string& flag) { return flag != than; });
  };
  if (others(agreed, "1") > 0)
    faults.push_back(fmt::format("of who agreed by key to everything {} of {} answers are no agreement",
                                 others(agreed, "1"), agreed.size()));
  if (others(refused, "0") > 0)
    faults.push_back(fmt::format("of who refused everything by key {} of {} answers are no refusal",
                                 others(refused, "0"), refused.size()));
  const Step* registers = find_step(steps, kRegisters);
  const auto states =
      registers == nullptr ? std::vector<const Event*>{} : registers->select(source::kServer, "register");
  const bool registered = !states.empty() && text_of(states.back()->data, "state") == "eligible";
  if (registers != nullptr && registers->showed("register_ask") && !states.empty() && !registered)
    faults.emplace_back("who agreed by key to be registered is not");

  Judgement judgement;
  if (!faults.empty()) {
    std::string all;
    for (std::size_t i = 0; i < std::min<std::size_t>(faults.size(), 4); ++i)
      all += (i == 0 ? "" : "; ") + faults[i];
    judgement = fail(
        fmt::format("{} of {} keys do not do what the screen says: {}", faults.size(), tries.size(), all),
        fmt::format("画面の案内と働きが一致しないキー{}件（全{}件）：{}", faults.size(), tries.size(), all));
  } else if (tries.empty() || agreed.empty() || refused.empty() || !registered) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format(
            "{} keys were pressed; answers that reached the clinic: {} of who agreed, {} of who refused{}",
            tries.size(), agreed.size(), refused.size(), registered ? "" : "; nobody was registered"),
        fmt::format("キー{}件を押したが、受付側に届いた回答は同意{}件・不同意{}件", tries.size(),
                    agreed.size(), refused.size()));
  } else if (unread == static_cast<std::int64_t>(tries.size())) {
    judgement = inconclusive(Reason::kControlFailed,
                             "no legend can be read in the picture: only the UI tree names keys",
                             "画面の画像から案内の数字を読み取れず、装置の申告しかない");
  } else {
    judgement =
        pass(fmt::format("{} keys on {} screens did what the screen said; {} answers arrived as given",
                         tries.size(), screens.size(), agreed.size() + refused.size()),
             fmt::format("{}画面の{}件のキーが案内どおりに働き、{}件の回答がそのとおり届いた", screens.size(),
                         tries.size(), agreed.size() + refused.size()));
  }
  const auto n = static_cast<std::int64_t>(tries.size());
  judgement.measurements = {
      {"keys_against_their_legend", static_cast<double>(faults.size()), "count", "= 0", n},
      {"screens", static_cast<double>(screens.size()), "count", "", n},
      {"legends_not_read_in_the_picture", static_cast<double>(unread), "count", "", n}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
