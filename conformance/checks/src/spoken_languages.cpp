// The script of 1-22.b: on every page of a visit the language key is pressed round and round, and what is
// said after each press is compared with recordings of that page's texts in every language (ci/voice-pack).
// The page in the device's own language is listened to as well: the control.
#include "card_trace.h"
#include "journey.h"
#include "languages.h"
#include "letters.h"
#include "sound_trace.h"
#include "spoken_pages.h"
#include "virtual_time.h"
#include <cmath>
#include <map>
#include <set>

#include <fmt/core.h>

#include <shogo/contract/device_protocol.h>
#include <shogo/contract/voice_pack.h>
#include <shogo/sound/phrase.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;
namespace cap = contract::cap;

constexpr int kMostLanguages = 6;
constexpr int kMostPages = 12;  // of one visit: a device that goes round in circles ends here
/// A shorter phrase may sound like a piece of another one.
constexpr milliseconds kShortestPhrase{700};

struct Visit {
  const char* name;
  sim::Patient patient;
  sim::ServerFault server;
  bool wrong_pin_first;
  bool quick;
};
constexpr Visit kVisits[] = {
    {"success", sim::Patient::kValid, sim::ServerFault::kNone, true, true},
    {"server_down", sim::Patient::kValid, sim::ServerFault::kRefused, false, true},
    {"revoked", sim::Patient::kRevoked, sim::ServerFault::kNone, false, false},
    {"locked", sim::Patient::kLocked, sim::ServerFault::kNone, false, false},
    {"not_registered", sim::Patient::kNotRegistered, sim::ServerFault::kNone, false, false},
};

const UiNode* language_key(const UiTree& tree) {
  for (const UiNode& node : tree.nodes)
    if (node.enabled && node.role == "button" && (node.id == "language" || is_language_name(node.text)))
      return &node;
  return nullptr;
}

/// What a page has to say of itself: buttons and steps may be names.
std::vector<std::string> sentences_of(const UiTree& tree) {
  std::vector<std::string> texts;
  for (const UiNode& node : tree.nodes)
    if (node.role == "heading" || node.role == "caution" || node.role == "text" || node.role == "status")
      if (letters_of(node.text, tree.lang).any()) texts.push_back(node.text);
  return texts;
}

/// A page in one language, with what was heard while it stood there.
struct Heard {
  UiTree tree;
  Nanoseconds shown{0}, left{0};
  std::vector<sound::Stretch> sound;
};

class Walk {
 public:
  Walk(Stage& stage, Ear ear, contract::VoicePack voice)
      : stage_(stage), ear_(std::move(ear)), voice_(std::move(voice)) {}

  Result<void> play() {
    SHOGO_CHECK_OK(stage_.watch_screen());
    if (stage_.device().has(cap::kSettings))
      SHOGO_CHECK_OK(stage_.set_settings({{"idle_timeout_ms", 600'000}, {"reminder_ms", 120'000}}));
    for (const Visit& next : kVisits)
      if (next.quick || stage_.profile() != "quick") SHOGO_CHECK_OK(visit(next));
    return end_script(stage_);
  }

 private:
  Result<void> visit(const Visit& visit);
  Result<void> pin_page(const Visit& visit);
  Result<void> follow();
  /// Goes round the languages on this page, once in the script; ends with the language it began in.
  Result<void> page();
  Result<void> listen(const Event& state, std::vector<Heard>& all);
  void compare(const std::vector<Heard>& all, const std::string& own);
  const sound::Spectrogram* recording(const std::string& lang, const std::string& text);

  Stage& stage_;
  Ear ear_;
  contract::VoicePack voice_;
  int number_ = 0;
  std::set<std::string> known_;
  std::map<std::string, std::optional<sound::Spectrogram>> recordings_;
};

const sound::Spectrogram* Walk::recording(const std::string& lang, const std::string& text) {
  const auto [entry, fresh] = recordings_.try_emplace(lang + "|" + text);
  if (fresh)
    if (const auto speech = voice_.speech(primary_language(lang), text); speech.ok()) {
      sound::Spectrogram spectrogram(*speech, true);
      if (sound::Spectrogram::kFrame * static_cast<int>(spectrogram.frames()) >= kShortestPhrase)
        entry->second.emplace(std::move(spectrogram));
    }
  return entry->second ? &*entry->second : nullptr;
}

Result<void> Walk::listen(const Event& state, std::vector<Heard>& all) {
  if (stage_.profile() == "quick" && stage_.device().has(cap::kClockVirtual)) {
    SHOGO_TRY(VirtualTime time, VirtualTime::begin(stage_));
    SHOGO_CHECK_OK(time.advance(stage_, kQuickListen));
    SHOGO_CHECK_OK(time.end(stage_));
  } else {
    SHOGO_CHECK_OK(ear_.let_it_finish());
  }
  Heard heard;
  SHOGO_TRY(heard.sound, ear_.keep());
  SHOGO_TRY(heard.left, device_now(stage_));
  SHOGO_TRY(heard.tree, stage_.ui_tree());
  heard.shown = Nanoseconds(integer_of(state.data, "t_dev", 0));
  all.push_back(std::move(heard));
  return {};
}

Result<void> Walk::page() {
  SHOGO_TRY(const Screen first, stage_.settled_screen());
  const auto state = stage_.last_state();
  const std::string key = first.tree.screen_id + "|" + (state ? text_of(state->data, "substate") : "");
  if (!known_.insert(key).second) return {};
  const std::string& own = first.tree.lang;
  std::vector<Heard> all;
  for (int i = 0; i < kMostLanguages; ++i) {
    const UiTree& tree = all.empty() ? first.tree : all.back().tree;
    const UiNode* button = language_key(tree);
    if (button == nullptr) break;
    const Mark pressed = stage_.mark();
    SHOGO_CHECK_OK(stage_.touch(button->centre_x(), button->centre_y()));
    const auto changed = stage_.wait_event(
        "another language", pressed,
        [&](const Event& event) {
          return event.source == source::kDevice && event.kind == "state" &&
                 text_of(event.data, "lang") != tree.lang;
        },
        kShortWait);
    if (!changed.ok() && changed.error().code() != Code::kTimeout) return changed.error();
    if (!changed.ok()) break;
    SHOGO_CHECK_OK(listen(*changed, all));
    if (all.back().tree.lang == own) break;
  }
  // A page without a choice of language has said what it has to say when it came.
  if (all.empty() && state) SHOGO_CHECK_OK(listen(*state, all));
  compare(all, own);
  return {};
}

void Walk::compare(const std::vector<Heard>& all, const std::string& own) {
  // What reads the same in two languages tells neither.
  std::map<std::string, int> languages_of;
  for (const Heard& heard : all)
    for (const std::string& text : sentences_of(heard.tree)) ++languages_of[text];
  for (const Heard& heard : all) {
    ++number_;
    stage_.record(source::kHarness, kSpokenIn,
                  {{"page", number_},
                   {"state", heard.tree.state},
                   {"screen", heard.tree.screen_id},
                   {"lang", heard.tree.lang},
                   {"own", own},
                   {"t_shown_ns", heard.shown.count()},
                   {"t_left_ns", heard.left.count()}});
    Sound said{sound::kEvidenceRate, {}};
    for (const sound::Stretch& stretch : heard.sound) {
      if (stretch.end() <= heard.shown) continue;
      const std::size_t skipped =
          stretch.begin < heard.shown ? stretch.sound.index(heard.shown - stretch.begin) : 0;
      said.samples.insert(said.samples.end(),
                          stretch.sound.samples.begin() + static_cast<std::ptrdiff_t>(skipped),
                          stretch.sound.samples.end());
      said.samples.resize(said.samples.size() + sound::kEvidenceRate / 4);
    }
    const sound::Spectrogram spectrogram(said);
    for (const Heard& other : all) {
      std::set<std::string> texts;
      for (const std::string& text : sentences_of(other.tree)) {
        if (languages_of[text] > 1 || !texts.insert(text).second) continue;
        const sound::Spectrogram* phrase = recording(other.tree.lang, text);
        const bool recorded = voice_.speech(primary_language(other.tree.lang), text).ok();
        if (recorded && phrase == nullptr) continue;  // too short to tell
        json::object told{
            {"page", number_}, {"lang", other.tree.lang}, {"text", text}, {"recorded", phrase != nullptr}};
        if (phrase != nullptr) {
          const sound::Match match = find_phrase(spectrogram, *phrase);
          told["distance"] = std::round(1'000 * match.distance) / 1'000;
          told["heard"] = match.distance <= sound::kSamePhrase;
        }
        stage_.record(source::kHarness, kPhraseIn, std::move(told));
      }
    }
  }
}

Result<void> Walk::pin_page(const Visit& visit) {
  SHOGO_CHECK_OK(page());
  for (const bool wrong : {true, false}) {
    if (wrong && !visit.wrong_pin_first) continue;
    SHOGO_TRY(PinPad pad, PinPad::find(stage_));
    const Mark entered = stage_.mark();
    SHOGO_CHECK_OK(
        pad.type(stage_, wrong ? wrong_pin_for(stage_, visit.patient)
                               : std::string(as_text(stage_.world().pin_of(visit.patient).expose()))));
    if (const auto now = stage_.last_state(); now && text_of(now->data, "name") == "pin")
      SHOGO_CHECK_OK(pad.done(stage_));
    SHOGO_CHECK_OK(stage_.wait_event("an answer to the PIN", entered, [](const Event& event) {
      const std::string name = text_of(event.data, "name");
      return event.source == source::kDevice && event.kind == "state" && name != "verifying" &&
             (name != "pin" || text_of(event.data, "substate") == "wrong_pin");
    }));
    SHOGO_CHECK_OK(page());
  }
  return {};
}

Result<void> Walk::follow() {
  for (int i = 0; i < kMostPages; ++i) {
    SHOGO_CHECK_OK(page());
    SHOGO_TRY(const UiTree tree, stage_.ui_tree());
    const UiNode* onward = find_button(tree, words::kAgree);
    if (onward == nullptr) onward = find_button(tree, words::kNext);
    if (onward == nullptr || tree.state == "pin" || tree.state == "idle") return {};
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
  SHOGO_CHECK_OK(page());
  begin_step(stage_, visit.name, visit.patient);
  stage_.world().set_server(visit.server);
  const Mark placed = stage_.mark();
  SHOGO_CHECK_OK(stage_.ours(stage_.world().place_card(visit.patient)));
  SHOGO_CHECK_OK(stage_.wait_state({"method"}, placed));
  SHOGO_CHECK_OK(page());
  const Mark chosen = stage_.mark();
  SHOGO_CHECK_OK(tap_pin_method(stage_));
  SHOGO_TRY(const Event after, stage_.wait_state({"pin", "error", "result_ng"}, chosen));
  if (text_of(after.data, "name") == "pin") SHOGO_CHECK_OK(pin_page(visit));
  SHOGO_CHECK_OK(follow());
  stage_.world().set_server(sim::ServerFault::kNone);
  return finish(stage_);
}

}  // namespace

Result<void> stimulate_spoken_languages(Stage& stage) {
  auto voice = contract::VoicePack::open(contract::voice_folder());
  if (!voice.ok()) {
    stage.note(kNoRecordings);
    return end_script(stage);
  }
  SHOGO_TRY(Ear ear, Ear::begin(stage));
  return Walk(stage, std::move(ear), *std::move(voice)).play();
}

}  // namespace shogo::conformance
