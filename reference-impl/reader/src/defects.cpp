// The reader's deliberate defects; nothing of them is in the shipped program (shogo/reference/mutant.h).
#include "face/face_engine.h"
#include "hooks.h"
#include "language_defects.h"
#include "screen_defects.h"
#include "settings.h"
#include "sound/announcement.h"
#include "wrapping_clock.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

#include <sys/mman.h>

#include <shogo/base/bytes.h>
#include <shogo/reference/bent_packages.h>
#include <shogo/reference/mutant.h>

namespace shogo::reader {

#ifdef SHOGO_MUTANTS
namespace {

constexpr std::uint64_t kSameForEver = 42;
constexpr Nanoseconds kWrap12h = std::chrono::hours(12);
constexpr Nanoseconds kWrap49d =
    milliseconds(std::int64_t{1} << 32);  // 49.7 days: an unsigned 32-bit counter
constexpr std::size_t kLeak = 100 * 1024;

KeypadShape bent_keypad(KeypadShape shape) {
  if (SHOGO_MUTANT("m.ui.keypad_2x5")) {
    shape.columns = 2;
    shape.key_height_mm = 12;
  }
  if (SHOGO_MUTANT("m.ui.key_9_8mm")) shape.key_height_mm = 9.8;
  if (SHOGO_MUTANT("m.ui.gap_2_8mm")) shape.gap_mm = 2.8;
  // Not defects but the far side of the boundary: these must still pass (a check stricter than the document
  // is wrong, too).
  if (SHOGO_MUTANT("m.ui.key_10_2mm")) shape.key_height_mm = 10.2;
  if (SHOGO_MUTANT("m.ui.gap_3_2mm")) shape.gap_mm = 3.2;
  return shape;
}

/// As a telephone would dial.
const Sound& dialled(char digit) {
  static std::array<Sound, 10> tones;
  constexpr double kRows[] = {941, 697, 697, 697, 770, 770, 770, 852, 852, 852};
  constexpr double kColumns[] = {1336, 1209, 1336, 1477, 1209, 1336, 1477, 1209, 1336, 1477};
  const auto key = static_cast<std::size_t>(digit - '0');
  Sound& tone = tones[key];
  if (!tone.samples.empty()) return tone;
  tone = key_tone();
  for (std::size_t i = 0; i < tone.samples.size(); ++i) {
    const double at = 2 * std::numbers::pi * static_cast<double>(i) / tone.rate;
    tone.samples[i] =
        static_cast<std::int16_t>(2'300 * (std::sin(kRows[key] * at) + std::sin(kColumns[key] * at)));
  }
  return tone;
}

KeySound bent_key_sound(char digit, bool physical) {
  constexpr milliseconds kAPlace{4};  // so much later for each place in a table that is searched
  static int pressed = 0;
  KeySound key{&key_tone(), Nanoseconds{0}};
  if (SHOGO_MUTANT("m.aud.every_7th_key_mute") && ++pressed % 7 == 0) key.sound = nullptr;
  if (SHOGO_MUTANT("m.aud.keypad_silent") && physical) key.sound = nullptr;
  if (digit == '\0') return key;
  if (SHOGO_MUTANT("m.aud.dtmf")) key.sound = &dialled(digit);
  if (SHOGO_MUTANT("m.aud.latency_by_digit")) key.after = kAPlace * (digit - '0');
  return key;
}

std::string said_of_key(char digit) {
  constexpr const char* kDigits[] = {"ゼロ", "いち", "に",   "さん", "よん",
                                     "ご",   "ろく", "なな", "はち", "きゅう"};
  return SHOGO_MUTANT("m.aud.speaks_pin") && digit != '\0' ? kDigits[digit - '0'] : "";
}

void bent_announcement(Announcement& said, const JourneyState& now, const Page& page) {
  constexpr std::string_view kIdentified = "本人確認ができました。";
  const bool identified = !said.texts.empty() && said.texts[0] == kIdentified;
  const bool good = now.state == contract::State::kResultOk || identified;
  const bool broken = now.state == contract::State::kOutOfService;
  const bool bad = now.state == contract::State::kError || now.state == contract::State::kResultNg ||
                   now.substate == "wrong_pin" || now.substate == "not_approved";
  if (SHOGO_MUTANT("m.aud.silent_on_fail") && bad) said.texts.clear();
  if (SHOGO_MUTANT("m.aud.beep_only") && (good || bad)) said = {{}, true};
  if (SHOGO_MUTANT("m.aud.error_without_words") && (bad || broken)) said = {{}, true};
  if (SHOGO_MUTANT("m.aud.idle_silent") && broken) said.texts.clear();
  if (SHOGO_MUTANT("m.aud.one_state_mute") && now.state == contract::State::kMethod) said.texts.clear();
  if (SHOGO_MUTANT("m.aud.waits_in_silence") && now.state == contract::State::kVerifying) said.texts.clear();
  if (SHOGO_MUTANT("m.aud.swapped") && good) said.texts = {"資格情報を確認できませんでした"};
  if (SHOGO_MUTANT("m.aud.swapped") && bad) said.texts = {"確認できました"};
  // Reads the names of the list as far as its voice knows them: those of the bench's recordings.
  if (SHOGO_MUTANT("m.aud.speaks_institution"))
    for (const Node& node : page.nodes)
      if (node.id.starts_with("paper_") && !node.id.ends_with("_key")) said.texts.push_back(node.text);
  if (!SHOGO_MUTANT("m.aud.skips_buttons")) return;
  for (const Node& node : page.nodes)
    if (node.role == "button")
      said.texts.erase(std::remove(said.texts.begin(), said.texts.end(), spoken(node)), said.texts.end());
}

std::optional<Key> bent_key(Key key, bool takes_digits) {
  const auto exchange = [&key](Key one, Key other) { key = key == one ? other : key == other ? one : key; };
  if (SHOGO_MUTANT("m.key.789")) {
    exchange(Key::k1, Key::k7);
    exchange(Key::k2, Key::k8);
    exchange(Key::k3, Key::k9);
  }
  if (SHOGO_MUTANT("m.key.consent_swapped") && !takes_digits) exchange(Key::k1, Key::k3);
  if (SHOGO_MUTANT("m.key.call_dead") && !takes_digits && key == Key::k8) return std::nullopt;
  if (SHOGO_MUTANT("m.key.pin_ignored") && takes_digits) return std::nullopt;
  return key;
}

}  // namespace

Hooks make_hooks(LogSink& sink) {
  Hooks hooks;
  hooks.mutant = reference::Mutants::instance().active;
  hooks.keypad = bent_keypad;
  // Installs the file, tells its version, and decides as it was built.
  if (SHOGO_MUTANT("m.cfg.threshold_ignored")) hooks.threshold = [](double) { return kBuiltInThreshold; };
  if (SHOGO_MUTANT("m.cfg.accepts_unsigned"))
    hooks.installer.package = [](const Bytes& package, const reference::PackageStore&) {
      return reference::signed_anew(package, reference::Bend::kSequence);
    };
  if (SHOGO_MUTANT("m.cfg.accepts_replay"))
    hooks.installer.package = [](const Bytes& package, const reference::PackageStore& store) {
      return reference::is_sound(package, store.trusted_keys())
                 ? reference::signed_anew(package, reference::Bend::kSequence)
                 : package;
    };
  if (SHOGO_MUTANT("m.cfg.accepts_unsigned") || SHOGO_MUTANT("m.cfg.accepts_replay"))
    hooks.installer.keys = [](std::vector<reference::PublicKey> keys) {
      keys.push_back(reference::own_key().public_key());
      return keys;
    };
  hooks.complete = [](std::size_t typed) {
    return SHOGO_MUTANT("m.pin.sends_short") ? typed >= 1 : typed == kPinDigits;
  };
  hooks.sends_on_timeout = SHOGO_MUTANT("m.pin.sends_on_timeout");
  hooks.seed = [](std::uint64_t given) { return SHOGO_MUTANT("m.rand.fixed_seed") ? kSameForEver : given; };
  hooks.layout = [](Rng& rng) {
    DigitLayout layout = kPlainLayout;
    if (SHOGO_MUTANT("m.rand.rotation_only")) {
      std::rotate(layout.begin(), layout.begin() + static_cast<std::ptrdiff_t>(rng.below(10)), layout.end());
    } else {
      rng.shuffle(layout);
    }
    return layout;
  };
  hooks.link.timing = [](reference::LinkTiming timing) {
    constexpr std::chrono::hours kNever{24};
    if (SHOGO_MUTANT("m.hb.none")) timing.heartbeat = timing.silence = kNever;
    if (SHOGO_MUTANT("m.net.half_open")) timing.silence = kNever;
    if (SHOGO_MUTANT("m.net.storm")) timing.first_retry = timing.longest_retry = milliseconds(50);
    return timing;
  };
  hooks.link.keep_trying = [](int failures, bool was_up) {
    if (SHOGO_MUTANT("m.net.needs_restart")) return !was_up;
    if (SHOGO_MUTANT("m.net.gives_up_5")) return failures < 5;
    return true;
  };
  hooks.manners = [](Language language) {
    Manners manners;
    if (SHOGO_MUTANT("m.ui.consent_side")) manners.choices_stacked = false;
    if (SHOGO_MUTANT("m.ui.consent_reversed_en")) manners.agree_first = language != Language::kEnglish;
    if (SHOGO_MUTANT("m.ui.no_steps")) manners.shows_steps = false;
    if (SHOGO_MUTANT("m.ui.no_caution")) manners.shows_cautions = false;
    if (SHOGO_MUTANT("m.ui.no_slot_guidance")) manners.tells_phone_area = false;
    // What the keys of last year's model were.
    if (SHOGO_MUTANT("m.key.legend_stale")) manners.other_legend_for_no = '2';
    return manners;
  };
  hooks.time_limit = [](milliseconds set) {
    return SHOGO_MUTANT("m.time.ignored") ? milliseconds(Settings{}.idle_timeout_ms) : set;
  };
  hooks.key = bent_key;
  hooks.key_sound = bent_key_sound;
  hooks.announce = bent_announcement;
  hooks.says_of_key = said_of_key;
  hooks.keypad_sets_volume = SHOGO_MUTANT("m.aud.hw_volume_key");
  hooks.volume = [begun_with = 0](int step) mutable {
    if (SHOGO_MUTANT("m.aud.volume_noop")) return 3;
    // The page shows what was kept, but the loudspeaker begins as it was built until somebody changes it.
    if (begun_with == 0) begun_with = step;
    const bool begins = SHOGO_MUTANT("m.aud.volume_forgotten") && step == begun_with;
    return begins ? static_cast<int>(Settings{}.volume) : step;
  };
  hooks.keypad_port.debounces = !SHOGO_MUTANT("m.kbd.double_digit");
  hooks.keypad_port.notices_return = !SHOGO_MUTANT("m.kbd.no_hotplug");
  hooks.forgets_at_unplug = !SHOGO_MUTANT("m.kbd.keeps_partial_pin");
  if (SHOGO_MUTANT("m.consent.default_yes")) hooks.unanswered = "agree";
  hooks.agrees_on_timeout = SHOGO_MUTANT("m.consent.on_timeout");
  bend_screen(hooks);
  bend_mirror(hooks);
  bend_voice(hooks);
  bend_languages(hooks);
  hooks.stores_settings = !SHOGO_MUTANT("m.ui.custom_forgotten");
  hooks.ends_phone_on_request = !SHOGO_MUTANT("m.ui.phone_cancel_ignored");
  hooks.advances_by_itself = SHOGO_MUTANT("m.ui.auto_advance");
  hooks.logs_firmware = !SHOGO_MUTANT("m.log.no_fw");
  hooks.logs_disconnect = !SHOGO_MUTANT("m.log.no_disconnect");
  hooks.clears_faults = !SHOGO_MUTANT("m.err.sticky");
  hooks.doubts_clock = !SHOGO_MUTANT("m.err.clock_believed");
  hooks.records_fault = [&sink](std::string_view fault) {
    // サーバー, in the code page of old tools, and cut by a field of so many bytes.
    if (SHOGO_MUTANT("m.enc.cp932_log"))
      sink.write_line("{\"event\":\"error\",\"text\":\"\x83\x54\x81\x5B\x83\x6F\x81\x5B\"}");
    if (SHOGO_MUTANT("m.enc.cut_midchar"))
      sink.write_line("{\"event\":\"error\",\"text\":\"" + std::string("サーバー").substr(0, 10) + "\"}");
    return !(SHOGO_MUTANT("m.elog.missing_one") && fault == "card_reader_lost") &&
           !(SHOGO_MUTANT("m.elog.lost_when_full") && fault == "storage_full");
  };
  hooks.screen = [](std::string screen, contract::State state) -> std::string {
    const bool bad = state == contract::State::kError || state == contract::State::kOutOfService;
    return SHOGO_MUTANT("m.err.one_generic") && bad ? "server_error" : screen;
  };
  hooks.finish_frame = [](Image& frame, contract::State state) {
    const bool bad = state == contract::State::kError || state == contract::State::kOutOfService;
    if (SHOGO_MUTANT("m.err.blank") && bad)
      std::fill(frame.pixels.begin(), frame.pixels.end(), std::uint8_t{255});
  };
  hooks.clock = [](Clock& clock) -> std::unique_ptr<Clock> {
    if (SHOGO_MUTANT("m.soak.tick_wrap_12h")) return std::make_unique<WrappingClock>(clock, kWrap12h);
    if (SHOGO_MUTANT("m.soak.wrap_49d")) return std::make_unique<WrappingClock>(clock, kWrap49d);
    return nullptr;
  };
  hooks.transaction_begins = [] {
    if (!SHOGO_MUTANT("m.soak.leak_100k")) return;
    // Pages of their own: the heap would first fill holes that earlier pictures left.
    void* pages = ::mmap(nullptr, kLeak, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages != MAP_FAILED) std::memset(pages, 0x5A, kLeak);
  };
  hooks.before_send = [&sink](const Secret& pin) {
    if (SHOGO_MUTANT("m.log.hash_of_pin"))
      sink.write_line(R"({"event":"pin_sent","digest":")" + sha256_hex(pin.expose()) + "\"}");
  };
  return hooks;
}

#else

Hooks make_hooks(LogSink&) {
  return {};
}

#endif

}  // namespace shogo::reader
