// Settings that the clinic's staff may change: device protocol "put_file" of kind settings, and get_settings.
#pragma once

#include "ui/messages.h"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include <shogo/base/result.h>

namespace shogo::reader {

constexpr std::int64_t kDefaultUpdatePoll_ms = 6 * 3'600'000;

struct Settings {
  bool random_keypad = false;             ///< 3-12
  std::int64_t idle_timeout_ms = 60'000;  ///< a page nobody touches ends the session
  std::int64_t heartbeat_ms = 5'000;      ///< 3-22.d: of the reader link, both ways
  std::int64_t reconnect_longest_ms =
      8'000;                          ///< between two attempts to reach the host agent; the shortest is 1 s
  std::int64_t reminder_ms = 20'000;  ///< a card that nobody takes is asked for again
  std::int64_t volume = 3;            ///< 1-13.e: 1 to 5, 4 dB a step
  std::vector<Language> languages = all_languages();  ///< 1-22: offered to patients; Japanese always is
  std::int64_t update_poll_ms =
      kDefaultUpdatePoll_ms;  ///< how often the host agent looks for update packages
  // What patients are asked here beside the three consents (docs/reader.md).
  bool consent_bundle = true;  ///< the three consents at once, or one by one
  bool ask_high_cost = true;
  bool ask_specific = true;
  bool ask_prescription = false;
  bool ask_subsidy = false;
  bool ask_referral = false;
  // 3-11.c: the clinic's own sentence under the title of a page, in place of ours; empty: ours.
  std::string text_idle;    ///< pages that wait for a card
  std::string text_done;    ///< the page at the end
  std::string clinic_name;  ///< on the idle page, at most kMostClinicName characters of any script
};

/// The switches by name: keys of the settings file, and of the journey's questions.
struct Switch {
  std::string_view name;
  bool Settings::*member;
};
inline constexpr Switch kSwitches[] = {
    {"random_keypad", &Settings::random_keypad},       {"consent_bundle", &Settings::consent_bundle},
    {"ask_high_cost", &Settings::ask_high_cost},       {"ask_specific", &Settings::ask_specific},
    {"ask_prescription", &Settings::ask_prescription}, {"ask_subsidy", &Settings::ask_subsidy},
    {"ask_referral", &Settings::ask_referral},
};

constexpr std::size_t kMostClinicName = 20;
constexpr std::size_t kMostOwnWords = 40;  ///< so that they fit below the title on every panel

/// The texts by name, each with the most characters it may have.
struct TextSetting {
  std::string_view name;
  std::string Settings::*member;
  std::size_t most;
};
inline constexpr TextSetting kTexts[] = {
    {"text_idle", &Settings::text_idle, kMostOwnWords},
    {"text_done", &Settings::text_done, kMostOwnWords},
    {"clinic_name", &Settings::clinic_name, kMostClinicName},
};
constexpr std::int64_t kMinVolume = 1;
constexpr std::int64_t kMaxVolume = 5;
constexpr std::int64_t kMinHeartbeat_ms = 200;
constexpr std::int64_t kMaxHeartbeat_ms = 30'000;
constexpr std::int64_t kMinReconnect_ms = 1'000;
constexpr std::int64_t kMaxReconnect_ms = 60'000;
constexpr std::int64_t kMinUpdatePoll_ms = 200;
constexpr std::int64_t kMaxUpdatePoll_ms = 24 * 3'600'000;
constexpr std::int64_t kMinIdleTimeout_ms = 200;
constexpr std::int64_t kMaxIdleTimeout_ms = 3'600'000;

/// `current` with what `text` (a JSON object) says about it. Unknown keys and wrong types are errors, and
/// then nothing changes.
[[nodiscard]] Result<Settings> read_settings(std::string_view text, const Settings& current);
[[nodiscard]] boost::json::object print_settings(const Settings& settings);

}  // namespace shogo::reader
