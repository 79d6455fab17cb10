// Where the test build bends the reader (defects.cpp). In the shipped program every one is as the product
// wants it.
#pragma once

#include "flow/journey.h"
#include "input/external_keypad.h"
#include "link/host_link.h"
#include "sound/tones.h"
#include "ui/page.h"
#include "updates/installer.h"
#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include <shogo/base/clock.h>
#include <shogo/base/image.h>
#include <shogo/base/log.h>
#include <shogo/base/rng.h>
#include <shogo/base/secret.h>
#include <shogo/contract/states.h>

namespace shogo::reader {

using DigitLayout = std::array<int, 10>;
inline constexpr DigitLayout kPlainLayout{1, 2, 3, 4, 5, 6, 7, 8, 9, 0};
inline constexpr std::size_t kPinDigits = 4;

/// What is about to be said of a page.
struct Announcement {
  std::vector<std::string> texts;
  bool beep = false;  ///< a tone comes first
  Language language = Language::kJapanese;
};

struct KeySound {
  const Sound* sound;  ///< null: none
  Nanoseconds after{0};
};

struct Hooks {
  std::string mutant;  ///< announced in hello; empty in the product
  std::function<KeypadShape(KeypadShape)> keypad = [](KeypadShape shape) { return shape; };
  /// 3-11.a: exactly four digits, and nothing leaves before.
  std::function<bool(std::size_t typed)> complete = [](std::size_t typed) { return typed == kPinDigits; };
  bool sends_on_timeout = false;
  /// The seed that is used when the bench or the operating system gave `seed`.
  std::function<std::uint64_t(std::uint64_t seed)> seed = [](std::uint64_t given) { return given; };
  std::function<DigitLayout(Rng&)> layout = [](Rng& rng) {
    DigitLayout order = kPlainLayout;
    rng.shuffle(order);
    return order;
  };
  LinkHooks link;
  bool logs_firmware = true;
  bool logs_disconnect = true;
  bool clears_faults = true;
  bool doubts_clock = true;
  std::function<bool(std::string_view fault)> records_fault = [](std::string_view) { return true; };
  /// Which screen a state shows, and what becomes of its picture.
  std::function<std::string(std::string screen, contract::State)> screen =
      [](std::string name, contract::State) { return name; };
  std::function<void(Image& frame, contract::State)> finish_frame = [](Image&, contract::State) {};
  /// The clock that the firmware shall use instead of `clock`; null: that one.
  std::function<std::unique_ptr<Clock>(Clock& clock)> clock = [](Clock&) { return nullptr; };
  /// What a key sounds like, and after what time (1-13.d, .i, .l): the same for every key. `digit`: 0 for
  /// the others.
  std::function<KeySound(char digit, bool physical)> key_sound = [](char, bool) {
    return KeySound{&key_tone(), Nanoseconds{0}};
  };
  std::function<int(int step)> volume = [](int step) { return step; };
  std::function<void(Announcement&, const JourneyState&, const Page&)> announce =
      [](Announcement&, const JourneyState&, const Page&) {};
  /// What is said of a key; never anything (1-13.f).
  std::function<std::string(char digit)> says_of_key = [](char) { return std::string(); };
  /// 1-13.g: true when somebody else than this device says it.
  std::function<bool(const std::vector<std::string>& texts, Language language,
                     const std::function<void(const boost::json::object&)>& send)>
      says_elsewhere = [](const std::vector<std::string>&, Language,
                          const std::function<void(const boost::json::object&)>&) { return false; };
  /// What a message of the host agent lets be heard; never anything (1-13.g).
  std::function<std::optional<Sound>(const boost::json::object& message)> sound_of_host =
      [](const boost::json::object&) { return std::optional<Sound>(); };
  bool keypad_sets_volume = false;  ///< 1-13.e: hardware never does
  std::function<void()> transaction_begins = [] {};
  std::function<void(const Secret&)> before_send = [](const Secret&) {};
  /// The words of every page.
  std::function<const Messages&()> messages = []() -> const Messages& { return Messages::built_in(); };
  std::function<Manners(Language)> manners = [](Language) { return Manners{}; };
  /// What becomes of the time limit that the settings give.
  std::function<milliseconds(milliseconds)> time_limit = [](milliseconds set) { return set; };
  /// What goes into a page, what comes out of it, and where a finger is felt; false: it is not felt.
  std::function<void(PageInput&, Panel&)> before_draw = [](PageInput&, Panel&) {};
  std::function<void(Page&, const Panel&)> after_draw = [](Page&, const Panel&) {};
  std::function<bool(double& x, double& y, const Page&, const Panel&)> touch =
      [](double&, double&, const Page&, const Panel&) { return true; };
  /// What of a page gets into the mirror for the staff (1-22.d).
  std::function<void(PageInput& mirrored, const PageInput& shown, contract::State)> mirror =
      [](PageInput&, const PageInput&, contract::State) {};
  bool mirror_frozen = false;
  bool stores_settings = true;
  bool ends_phone_on_request = true;  ///< 3-14.f: who ends while a phone is awaited is not served any more
  /// What a pressed key counts as; nothing: it is not felt.
  std::function<std::optional<Key>(Key key, bool takes_digits)> key = [](Key pressed, bool) {
    return std::optional<Key>(pressed);
  };
  KeypadHooks keypad_port;
  InstallerHooks installer;
  std::function<double(double)> threshold = [](double of_file) { return of_file; };
  bool forgets_at_unplug = true;
  /// What silence and leaving count as; a page nobody answers takes this answer when its time is over.
  std::string unanswered = "none";
  bool agrees_on_timeout = false;
  bool advances_by_itself = false;  ///< takes the first choice of a page that nobody touches
};

/// `sink` is the back door around the safe log API that only a defect may take.
[[nodiscard]] Hooks make_hooks(LogSink& sink);

}  // namespace shogo::reader
