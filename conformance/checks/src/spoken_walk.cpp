// The script of 1-13.a, .b, .c and .h.
#include "clock_agreement.h"
#include "journey.h"
#include "spoken_pages.h"
#include <cmath>
#include <map>
#include <set>

#include <fmt/core.h>

#include <shogo/conformance/dut.h>
#include <shogo/contract/device_protocol.h>
#include <shogo/contract/voice_pack.h>
#include <shogo/sound/phrase.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;
namespace cap = contract::cap;

constexpr int kMostPages = 20;
constexpr milliseconds kFaultWait{7'000};
constexpr milliseconds kRepairWait{12'000};
constexpr milliseconds kPhoneWait{5'000};
/// A page on which the device waits for the clinic PC is held for so long: enough to begin to speak, and less
/// than any device waits for an answer.
constexpr milliseconds kHeld{6'000};

/// What is said when a patient was let through or was not. Whatever else is said means neither.
constexpr std::string_view kResults[] = {"本人確認ができました。",
                                         "確認できました",
                                         "暗証番号が違います。",
                                         "暗証番号がロックされています",
                                         "電子証明書の有効期限が切れています",
                                         "電子証明書が失効しています",
                                         "健康保険証の利用登録がまだです",
                                         "資格情報を確認できませんでした",
                                         "システムに接続できません",
                                         "システムの応答がありません",
                                         "システムで問題が起きました",
                                         "カードを読み取れませんでした",
                                         "マイナンバーカードではありません",
                                         "iPhoneでの確認がまだです",
                                         "読み取れませんでした"};

struct Visit {
  const char* name;
  sim::Patient patient;
  sim::ServerFault server;
  bool right_pin;
  bool ok;
  bool quick;
};
constexpr Visit kVisits[] = {
    {"success", sim::Patient::kValid, sim::ServerFault::kNone, true, true, true},
    {"wrong_pin", sim::Patient::kWrongPin, sim::ServerFault::kNone, false, false, true},
    {"revoked", sim::Patient::kRevoked, sim::ServerFault::kNone, true, false, true},
    {"server_down", sim::Patient::kValid, sim::ServerFault::kRefused, true, false, true},
    {"locked", sim::Patient::kLocked, sim::ServerFault::kNone, true, false, false},
    {"expired", sim::Patient::kExpired, sim::ServerFault::kNone, true, false, false},
    {"not_registered", sim::Patient::kNotRegistered, sim::ServerFault::kNone, true, false, false},
    {"suspended", sim::Patient::kSuspended, sim::ServerFault::kNone, true, false, false},
    {"server_error", sim::Patient::kValid, sim::ServerFault::kError500, true, false, false},
};

/// The steps' mark of the moment is for the eye; so are two blanks in a row.
std::string as_said(const UiNode& node) {
  std::string text = node.text;
  if (const auto mark = text.find(" ●"); mark != std::string::npos) text.resize(mark);
  return text;
}

std::string without_numbers(const std::string& text) {
  std::string rest;
  for (const char c : text)
    if (c < '0' || c > '9') rest += c;
  return rest;
}

/// Digits to be typed and digits typed are never said (1-13.f); a legend names the key of the button around
/// it.
bool is_silent(const UiNode& node) {
  const bool digit =
      node.role == "button" && node.text.size() == 1 && node.text[0] >= '0' && node.text[0] <= '9';
  const bool entry = node.text.find_first_not_of("*●・ ") == std::string::npos;
  return digit || entry || node.role == "key_legend";
}

class Walk {
 public:
  Walk(Stage& stage, Ear ear, contract::VoicePack voice)
      : stage_(stage), ear_(std::move(ear)), voice_(std::move(voice)) {}
  Result<void> play();

 private:
  /// Lets the page say all it has to say, and writes down what it showed and what was heard. `again`: also
  /// when it has been listened to before.
  Result<void> listen(bool again = false);
  Result<void> compare(int page, const UiTree& tree, Nanoseconds shown,
                       const std::vector<sound::Stretch>& heard);
  const sound::Spectrogram* recording(std::string_view language, const std::string& text);
  /// The text with another number that was said where `text` seemed to be; empty: none.
  std::string rival(std::string_view language, const std::string& text, const sound::Spectrogram& said,
                    const sound::Match& match);
  Result<void> begin(std::string_view name, sim::Patient patient, std::string_view method, bool ok);
  Result<void> visit(const Visit& visit);
  Result<void> phone(const char* name, bool agrees);
  Result<void> fault(const char* name, bool somebody);
  Result<void> waiting();
  Result<void> listen_while_held();
  Result<void> follow();
  /// Writes down what the page showed and what was heard. `waits`: it is over before it has said all.
  Result<void> told(const Screen& screen, Nanoseconds shown, const std::string& substate, bool waits);

  Stage& stage_;
  Ear ear_;
  contract::VoicePack voice_;
  std::string step_;
  int page_ = 0;
  std::set<std::string> known_;
  std::map<std::string, std::optional<sound::Spectrogram>> recordings_;
};

const sound::Spectrogram* Walk::recording(std::string_view language, const std::string& text) {
  const std::string key = std::string(language) + "|" + text;
  const auto [entry, fresh] = recordings_.try_emplace(key);
  if (fresh)
    if (const auto speech = voice_.speech(language, text); speech.ok()) entry->second.emplace(*speech, true);
  return entry->second ? &*entry->second : nullptr;
}

std::string Walk::rival(std::string_view language, const std::string& text, const sound::Spectrogram& said,
                        const sound::Match& match) {
  const std::string frame = without_numbers(text);
  if (frame == text) return "";
  for (const std::string& other : voice_.texts(language)) {
    if (other == text || without_numbers(other) != frame) continue;
    const sound::Spectrogram* phrase = recording(language, other);
    if (phrase != nullptr && fits_better(said, match, *phrase)) return other;
  }
  return "";
}

Result<void> Walk::compare(int page, const UiTree& tree, Nanoseconds shown,
                           const std::vector<sound::Stretch>& heard) {
  // From the page's moment on; a tone or the page before may run into its first words.
  Sound all{sound::kEvidenceRate, {}};
  for (const sound::Stretch& stretch : heard) {
    if (stretch.end() <= shown) continue;
    const std::size_t skipped = stretch.begin < shown ? stretch.sound.index(shown - stretch.begin) : 0;
    if (stretch.begin > shown)
      all.samples.resize(
          std::max(all.samples.size(),
                   static_cast<std::size_t>(std::chrono::duration<double>(stretch.begin - shown).count() *
                                            sound::kEvidenceRate)));
    all.samples.insert(all.samples.end(),
                       stretch.sound.samples.begin() + static_cast<std::ptrdiff_t>(skipped),
                       stretch.sound.samples.end());
  }
  const sound::Spectrogram said(all);
  const auto look_for = [&](const std::string& text, std::string_view role, bool stands_there) {
    json::object told{{"page", page}, {"text", text}, {"role", role}, {"shown", stands_there}};
    const sound::Spectrogram* phrase = recording(tree.lang, text);
    told["recorded"] = phrase != nullptr;
    if (phrase != nullptr) {
      const sound::Match match = find_phrase(said, *phrase);
      told["distance"] = std::round(1'000 * match.distance) / 1'000;
      const std::string other =
          match.distance <= sound::kSamePhrase ? rival(tree.lang, text, said, match) : "";
      told["heard"] = match.distance <= sound::kSamePhrase && other.empty();
      if (!other.empty()) told["rival"] = other;
      told["t_begin_ns"] = (shown + match.begin).count();
      told["t_end_ns"] = (shown + match.end).count();
    }
    stage_.record(source::kHarness, kRecognised, std::move(told));
  };
  std::set<std::string> texts;
  for (const UiNode& node : tree.nodes)
    if (const std::string text = as_said(node); !is_silent(node) && texts.insert(text).second)
      look_for(text, node.role, true);
  // Whatever the page shows: a result may be told in words that stand nowhere, and the wrong one would.
  for (const std::string_view text : kResults)
    if (texts.count(std::string(text)) == 0 && voice_.speech(tree.lang, text).ok())
      look_for(std::string(text), "result", false);
  return {};
}

Result<void> Walk::listen(bool again) {
  SHOGO_TRY(const Screen before, stage_.settled_screen());
  const auto state = stage_.last_state();
  const std::string substate = state ? text_of(state->data, "substate") : "";
  const std::string key = before.tree.screen_id + "|" + substate;
  if (!known_.insert(key).second && !again) return {};
  SHOGO_CHECK_OK(ear_.let_it_finish());
  return told(before, Nanoseconds{state ? integer_of(state->data, "t_dev", 0) : 0}, substate, false);
}

Result<void> Walk::told(const Screen& screen, Nanoseconds shown, const std::string& substate, bool waits) {
  SHOGO_TRY(const std::vector<sound::Stretch> heard, ear_.keep());
  SHOGO_TRY(const Nanoseconds left, device_now(stage_));
  stage_.record(source::kHarness, kPage,
                {{"page", ++page_},
                 {"step", step_},
                 {"state", screen.tree.state},
                 {"substate", substate},
                 {"screen", screen.tree.screen_id},
                 {"lang", screen.tree.lang},
                 {"waits", waits},
                 {"t_shown_ns", shown.count()},
                 {"t_left_ns", left.count()}});
  return compare(page_, screen.tree, shown, heard);
}

Result<void> Walk::begin(std::string_view name, sim::Patient patient, std::string_view method, bool ok) {
  step_ = name;
  begin_step(stage_, name, patient, {{"method", method}, {"expected", ok ? "ok" : "ng"}});
  return {};
}

Result<void> Walk::follow() {
  for (int i = 0; i < kMostPages; ++i) {
    SHOGO_CHECK_OK(listen());
    SHOGO_TRY(const UiTree tree, stage_.ui_tree());
    if (tree.state == "idle" || tree.state == "take_card" || tree.state == "pin" || tree.state == "error" ||
        tree.state == "result_ng")
      return {};
    const UiNode* onward = find_button(tree, words::kAgree);
    if (onward == nullptr) onward = find_button(tree, words::kNext);
    if (onward == nullptr) return {};
    const Mark pressed = stage_.mark();
    SHOGO_CHECK_OK(stage_.touch(onward->centre_x(), onward->centre_y()));
    SHOGO_CHECK_OK(stage_.wait_event("the next page", pressed, [](const Event& event) {
      const std::string name = text_of(event.data, "name");
      return event.source == source::kDevice && event.kind == "state" && name != "verifying" &&
             name != "wiping";
    }));
  }
  return {};
}

Result<void> Walk::visit(const Visit& visit) {
  SHOGO_CHECK_OK(begin(visit.name, visit.patient, "pin", visit.ok));
  stage_.world().set_server(visit.server);
  const Mark placed = stage_.mark();
  SHOGO_CHECK_OK(stage_.ours(stage_.world().place_card(visit.patient)));
  SHOGO_CHECK_OK(stage_.wait_state({"method"}, placed));
  SHOGO_CHECK_OK(listen());
  const Mark chosen = stage_.mark();
  SHOGO_CHECK_OK(tap_pin_method(stage_));
  SHOGO_TRY(const Event page, stage_.wait_state({"pin", "error", "result_ng"}, chosen));
  if (text_of(page.data, "name") == "pin") {
    SHOGO_CHECK_OK(listen());
    SHOGO_TRY(PinPad pad, PinPad::find(stage_));
    const Mark entered = stage_.mark();
    SHOGO_CHECK_OK(pad.type(stage_, visit.right_pin
                                        ? std::string(as_text(stage_.world().pin_of(visit.patient).expose()))
                                        : wrong_pin_for(stage_, visit.patient)));
    if (const auto now = stage_.last_state(); now && text_of(now->data, "name") == "pin")
      SHOGO_CHECK_OK(pad.done(stage_));
    SHOGO_CHECK_OK(stage_.wait_event("an answer to the PIN", entered, [](const Event& event) {
      const std::string name = text_of(event.data, "name");
      return event.source == source::kDevice && event.kind == "state" && name != "verifying" &&
             (name != "pin" || text_of(event.data, "substate") == "wrong_pin");
    }));
  }
  // The first page after the answer is always listened to: there it must be told.
  SHOGO_CHECK_OK(listen(true));
  SHOGO_CHECK_OK(follow());
  stage_.world().set_server(sim::ServerFault::kNone);
  SHOGO_CHECK_OK(finish(stage_));
  return listen();
}

/// An iPhone is held there without a word: agreed on, or not yet.
Result<void> Walk::phone(const char* name, bool agrees) {
  constexpr sim::Patient kWho = sim::Patient::kIphone;
  SHOGO_CHECK_OK(begin(name, kWho, "phone", agrees));
  SHOGO_CHECK_OK(stage_.ours(stage_.world().agree_on_phone(kWho, agrees)));
  const Mark held = stage_.mark();
  SHOGO_CHECK_OK(stage_.ours(stage_.world().place_card(kWho)));
  const auto answer = stage_.wait_event(
      "an answer to the phone", held,
      [](const Event& event) {
        const std::string state = text_of(event.data, "name");
        return event.source == source::kDevice && event.kind == "state" && state != "verifying" &&
               state != "idle" && state != "wiping" && state != "phone_kind";
      },
      kPhoneWait);
  if (!answer.ok() && answer.error().code() != Code::kTimeout) return answer.error();
  SHOGO_CHECK_OK(listen(true));
  stage_.world().take_card();
  for (int i = 0; i < 3; ++i) {
    if (const auto now = stage_.last_state(); now && text_of(now->data, "name") == "idle") break;
    SHOGO_TRY(const UiTree tree, stage_.ui_tree());
    if (const UiNode* end = find_button(tree, words::kEnd); end != nullptr)
      SHOGO_CHECK_OK(stage_.touch(end->centre_x(), end->centre_y()));
    const auto home = stage_.wait_state({"idle"}, kPhoneWait);
    if (!home.ok() && home.error().code() != Code::kTimeout) return home.error();
  }
  return stage_.ours(stage_.world().agree_on_phone(kWho, false));
}

/// The clinic PC's software dies, with somebody at the PIN page or with nobody there.
Result<void> Walk::fault(const char* name, bool somebody) {
  const auto host = stage_.host();
  if (!host.ok()) return {};
  SHOGO_CHECK_OK(begin(name, sim::Patient::kValid, "fault", false));
  if (somebody) SHOGO_CHECK_OK(go_to_pin(stage_, sim::Patient::kValid));
  SHOGO_CHECK_OK(ear_.let_it_finish());
  SHOGO_CHECK_OK(ear_.keep());
  SHOGO_TRY(const Nanoseconds now, device_now(stage_));
  stage_.record(source::kHarness, "fault", {{"step", step_}, {"t_fault_ns", now.count()}});
  const Mark begun = stage_.mark();
  SHOGO_CHECK_OK(Stage::ours((*host)->crash_agent()));
  const auto shown = stage_.wait_state({"out_of_service", "error"}, begun, kFaultWait);
  if (!shown.ok() && shown.error().code() != Code::kTimeout) return shown.error();
  SHOGO_CHECK_OK(listen(true));
  stage_.world().take_card();
  const Mark repaired = stage_.mark();
  SHOGO_CHECK_OK(Stage::ours((*host)->start_agent()));
  SHOGO_CHECK_OK(stage_.wait_state({"idle"}, repaired, kRepairWait));
  return {};
}

/// The page is there as long as the clinic PC is not heard.
Result<void> Walk::listen_while_held() {
  const auto state = stage_.last_state();
  SHOGO_TRY(const Screen page, stage_.settled_screen());
  if (stage_.device().has(cap::kClockVirtual)) {
    SHOGO_TRY(VirtualTime time, VirtualTime::begin(stage_));
    SHOGO_CHECK_OK(time.advance(stage_, kHeld));
    SHOGO_CHECK_OK(time.end(stage_));
  } else {
    SHOGO_CHECK_OK(stage_.linger(kHeld));
  }
  return told(page, Nanoseconds{state ? integer_of(state->data, "t_dev", 0) : 0},
              state ? text_of(state->data, "substate") : "", true);
}

/// Pages on which the device waits for the clinic PC are gone in a moment, unless the line holds them.
Result<void> Walk::waiting() {
  using Line = sim::World::Line;
  constexpr sim::Patient kWho = sim::Patient::kValid;
  if (!stage_.device().has(cap::kLinkPath)) return {};
  SHOGO_CHECK_OK(begin("waiting", kWho, "waiting", true));
  SHOGO_CHECK_OK(go_to_pin(stage_, kWho));
  SHOGO_CHECK_OK(ear_.let_it_finish());
  SHOGO_CHECK_OK(ear_.keep());
  SHOGO_TRY(PinPad pad, PinPad::find(stage_));
  stage_.world().set_line(Line::kReaderLink, sim::LineFault::kSilent);
  const Mark entered = stage_.mark();
  SHOGO_CHECK_OK(pad.type(stage_, std::string(as_text(stage_.world().pin_of(kWho).expose()))));
  if (const auto now = stage_.last_state(); now && text_of(now->data, "name") == "pin")
    SHOGO_CHECK_OK(pad.done(stage_));
  SHOGO_CHECK_OK(stage_.wait_state({"verifying"}, entered));
  SHOGO_CHECK_OK(listen_while_held());
  const Mark asked = stage_.mark();
  stage_.world().set_line(Line::kReaderLink, sim::LineFault::kNone);
  SHOGO_CHECK_OK(stage_.wait_event("the first question", asked, [](const Event& event) {
    return event.source == source::kDevice && event.kind == "state" &&
           text_of(event.data, "name") != "verifying";
  }));
  SHOGO_CHECK_OK(ear_.let_it_finish());
  SHOGO_CHECK_OK(ear_.keep());
  stage_.world().set_line(Line::kReaderLink, sim::LineFault::kSilent);
  for (int i = 0; i < kMostPages; ++i) {
    SHOGO_TRY(const UiTree tree, stage_.ui_tree());
    if (tree.state == "verifying") break;
    const UiNode* onward = find_button(tree, words::kAgree);
    if (onward == nullptr) onward = find_button(tree, words::kNext);
    if (onward == nullptr) break;
    const Mark pressed = stage_.mark();
    SHOGO_CHECK_OK(stage_.touch(onward->centre_x(), onward->centre_y()));
    SHOGO_CHECK_OK(stage_.wait_event("the next page", pressed, [](const Event& event) {
      return event.source == source::kDevice && event.kind == "state";
    }));
  }
  if (const auto now = stage_.last_state(); now && text_of(now->data, "name") == "verifying")
    SHOGO_CHECK_OK(listen_while_held());
  stage_.world().set_line(Line::kReaderLink, sim::LineFault::kNone);
  SHOGO_CHECK_OK(stage_.wait_state({"result_ok", "error"}));
  return finish(stage_);
}

Result<void> Walk::play() {
  SHOGO_CHECK_OK(stage_.watch_screen());
  if (stage_.device().has(cap::kClockVirtual))
    SHOGO_CHECK_OK(
        play_clock_agreement(stage_, stage_.profile() == "quick" ? kQuickClockCase : kFullClockCase));
  // What the page before still says would count as the next one's words.
  SHOGO_CHECK_OK(ear_.let_it_finish());
  SHOGO_CHECK_OK(ear_.keep());
  if (stage_.device().has(cap::kSettings))
    SHOGO_CHECK_OK(stage_.set_settings({{"idle_timeout_ms", 600'000}, {"reminder_ms", 120'000}}));
  for (const Visit& next : kVisits)
    if (next.quick || stage_.profile() != "quick") SHOGO_CHECK_OK(visit(next));
  SHOGO_CHECK_OK(waiting());
  SHOGO_CHECK_OK(phone("phone_success", true));
  SHOGO_CHECK_OK(phone("phone_failure", false));
  SHOGO_CHECK_OK(fault("fault_idle", false));
  SHOGO_CHECK_OK(fault("fault_served", true));
  return end_script(stage_);
}

}  // namespace

Meaning meaning_of(std::string_view text) {
  constexpr std::size_t kGood = 2;  // the first of the list
  for (std::size_t i = 0; i < std::size(kResults); ++i)
    if (kResults[i] == text) return i < kGood ? Meaning::kSuccess : Meaning::kFailure;
  return Meaning::kNone;
}

Result<void> stimulate_spoken_pages(Stage& stage) {
  auto voice = contract::VoicePack::open(contract::voice_folder());
  if (!voice.ok()) {
    stage.note(kNoRecordings);
    return end_script(stage);
  }
  SHOGO_TRY(Ear ear, Ear::begin(stage));
  return Walk(stage, std::move(ear), *std::move(voice)).play();
}

}  // namespace shogo::conformance
