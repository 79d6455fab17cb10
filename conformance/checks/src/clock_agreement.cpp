// Is virtual time true to this device? The same short case is played in real and in virtual time; what the
// device shows, and when by its own clock, must agree. Only then do verdicts under virtual time count
// (CLOCK_UNVERIFIED otherwise).
#include "clock_agreement.h"

#include "card_trace.h"
#include "journey.h"
#include <algorithm>
#include <cmath>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr std::string_view kReal = "clock_real";
constexpr std::string_view kVirtual = "clock_virtual";
constexpr std::string_view kCaseEnd = "clock_case_end";
/// pcscd keeps its own clock and looks for cards every 40 ms (400 ms without the bench's help).
constexpr double kTolerance_s = 0.6;
constexpr double kRounding_s = 1e-6;
constexpr milliseconds kIdleTimeout{2'000};
constexpr milliseconds kCardDown{200};  // until the front end has looked twice
constexpr milliseconds kSlice{1'000};

/// A card is laid down and nobody touches the screen: the device's own timers make all that follows happen.
/// In virtual time the bench moves the clock, in real time it waits.
Result<void> play_case(Stage& stage, std::string_view name, milliseconds length, VirtualTime* time) {
  const auto pass = [&](milliseconds duration) {
    return time != nullptr ? time->advance(stage, duration) : stage.linger(duration);
  };
  begin_step(stage, name, kWho);
  const Mark start = stage.mark();
  SHOGO_CHECK_OK(stage.ours(stage.world().place_card(kWho)));
  SHOGO_CHECK_OK(pass(kCardDown));
  SHOGO_CHECK_OK(stage.wait_state({"method"}, start));
  for (milliseconds passed = kCardDown; passed < length; passed += kSlice) SHOGO_CHECK_OK(pass(kSlice));
  const Mark taken = stage.mark();
  stage.note(kCaseEnd);
  stage.world().take_card();
  SHOGO_CHECK_OK(pass(kCardDown));
  const auto state = stage.last_state();
  if (!state || text_of(state->data, "name") != "idle") SHOGO_CHECK_OK(stage.wait_state({"idle"}, taken));
  return pass(kSlice);
}

struct Shown {
  std::string what;
  double after_s;  ///< by the device's clock, since the first
};

std::vector<Shown> shown_in(const Step& step) {
  std::vector<Shown> list;
  double first = 0;
  for (const Event* event : step.events) {
    if (event->source == source::kStimulus && event->kind == kCaseEnd) break;
    if (event->source != source::kDevice || event->kind != "state") continue;
    const double at = static_cast<double>(integer_of(event->data, "t_dev", 0)) / 1e9;
    if (list.empty()) first = at;
    list.push_back({text_of(event->data, "name") + "/" + text_of(event->data, "substate"), at - first});
  }
  return list;
}

}  // namespace

Result<void> play_clock_agreement(Stage& stage, milliseconds length) {
  SHOGO_CHECK_OK(stage.set_settings({{"idle_timeout_ms", kIdleTimeout.count()}}));
  SHOGO_CHECK_OK(play_case(stage, kReal, length, nullptr));
  SHOGO_TRY(VirtualTime time, VirtualTime::begin(stage));
  SHOGO_CHECK_OK(play_case(stage, kVirtual, length, &time));
  return time.end(stage);
}

ClockAgreement clock_agreement(const std::vector<Step>& steps) {
  const Step* real = find_step(steps, kReal);
  const Step* moved = find_step(steps, kVirtual);
  if (real == nullptr || moved == nullptr) return {false, "the clock was not compared"};
  const std::vector<Shown> a = shown_in(*real);
  const std::vector<Shown> b = shown_in(*moved);
  // The first state answers the card; at least one more must have come from a timer.
  if (a.size() < 2)
    return {false, fmt::format("in real time the device showed {} states; needed 2", a.size())};
  if (a.size() != b.size())
    return {false, fmt::format("{} states in real time, {} in virtual time", a.size(), b.size())};
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].what != b[i].what)
      return {false,
              fmt::format("state {} is {} in real time, {} in virtual time", i + 1, a[i].what, b[i].what)};
    if (std::abs(a[i].after_s - b[i].after_s) > kTolerance_s + kRounding_s)
      return {false, fmt::format("{} came after {:.2f} s in real time, after {:.2f} s in virtual time",
                                 a[i].what, a[i].after_s, b[i].after_s)};
  }
  return {true, fmt::format("{} states came alike, within {} s", a.size(), kTolerance_s)};
}

std::optional<Judgement> clock_unverified(const Transcript& transcript) {
  if (transcript.select(source::kHarness, "advance").empty()) return std::nullopt;
  const ClockAgreement clock = clock_agreement(steps_of(transcript));
  if (clock.agrees) return std::nullopt;
  return inconclusive(Reason::kClockUnverified, "Virtual time is not shown to be true here: " + clock.why,
                      "仮想時間が実時間と一致すると確かめられていない：" + clock.why);
}

}  // namespace shogo::conformance
