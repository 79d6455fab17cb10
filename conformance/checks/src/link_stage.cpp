#include "link_stage.h"

#include "card_trace.h"

#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

constexpr milliseconds kLongestBeat{30'000};
/// Several times what a device takes that tries every second.
constexpr milliseconds kRealPart{8'000};
constexpr milliseconds kStep{1'000};
constexpr milliseconds kUnderWay{20};  // real: words that have been sent reach the bench

bool is_word_of_host(const Event& event) {
  return event.source == source::kNet && event.kind == "bytes" &&
         text_of(event.data, "line") == kReaderLink && text_of(event.data, "from") == "host";
}

}  // namespace

bool is_timeout(const Error& error) {
  return error.code() == Code::kTimeout;
}

Result<milliseconds> quicken_link(Stage& stage, milliseconds wanted) {
  milliseconds expected = kLongestBeat;
  std::string_view from = "limit";
  if (stage.device().has(contract::cap::kSettings) &&
      stage.set_settings({{"heartbeat_ms", wanted.count()}, {"reconnect_longest_ms", 1'000}}).ok()) {
    SHOGO_TRY(const boost::json::value settings, stage.call("get_settings"));
    const std::int64_t told = settings.is_object() ? integer_of(settings.get_object(), "heartbeat_ms", 0) : 0;
    if (told > 0) {
      expected = milliseconds(told);
      from = "settings";
    }
  }
  stage.note("heartbeat_expected", {{"ms", expected.count()}, {"from", from}});
  return expected;
}

std::int64_t expected_beat_ms(const Transcript& transcript) {
  for (const Event* event : transcript.select(source::kStimulus, "heartbeat_expected"))
    return integer_of(event->data, "ms", 0);
  return 0;
}

Result<void> wait_for_link(Stage& stage, Mark since) {
  const bool movable = stage.device().has(contract::cap::kClockVirtual);
  const auto spoken = stage.wait_event("the host end on the line", since, is_word_of_host,
                                       movable ? kRealPart : kRecoveryWait);
  if (!spoken.ok() && !is_timeout(spoken.error())) return spoken.error();
  if (!spoken.ok() && !movable) return {};
  if (!spoken.ok()) {
    SHOGO_TRY(VirtualTime time, VirtualTime::begin(stage));
    SHOGO_TRY(const bool back, wait_for_link_virtually(stage, time, since));
    SHOGO_CHECK_OK(time.end(stage));
    if (!back) return {};
  }
  const auto ready = stage.wait_state({"idle", "place_card", "method"}, movable ? kRealPart : kRecoveryWait);
  if (!ready.ok() && !is_timeout(ready.error())) return ready.error();
  return {};
}

Result<void> wait_recovered(Stage& stage, const std::set<std::string>& names, Mark since) {
  const bool movable = stage.device().has(contract::cap::kClockVirtual);
  const auto soon = stage.wait_state(names, since, movable ? kRealPart : kRecoveryWait);
  if (soon.ok()) return {};
  if (!is_timeout(soon.error()) || !movable) return soon.error();
  SHOGO_TRY(VirtualTime time, VirtualTime::begin(stage));
  Result<void> back = soon.error();
  for (milliseconds moved = kRealPart; moved <= kRecoveryWait && !back.ok(); moved += kStep) {
    SHOGO_CHECK_OK(time.advance(stage, kStep));
    if (stage.wait_state(names, since, kUnderWay).ok()) back = {};
  }
  SHOGO_CHECK_OK(time.end(stage));
  return back;
}

Result<bool> wait_for_link_virtually(Stage& stage, VirtualTime& time, Mark since) {
  for (milliseconds moved{0}; moved <= kRecoveryWait; moved += kStep) {
    const auto spoken = stage.wait_event("the host end on the line", since, is_word_of_host, kUnderWay);
    if (!spoken.ok() && !is_timeout(spoken.error())) return spoken.error();
    if (spoken.ok()) {
      const auto ready = stage.wait_state({"idle", "place_card", "method"}, kUnderWay);
      if (ready.ok() || !is_timeout(ready.error())) return ready.ok() ? Result<bool>(true) : ready.error();
    }
    SHOGO_CHECK_OK(time.advance(stage, kStep));
  }
  return false;
}

}  // namespace shogo::conformance
