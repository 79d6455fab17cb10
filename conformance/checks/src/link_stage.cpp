#include "link_stage.h"

#include "card_trace.h"

#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

constexpr milliseconds kLongestBeat{30'000};

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
  const auto spoken = stage.wait_event(
      "the host end on the line", since,
      [](const Event& event) {
        return event.source == source::kNet && event.kind == "bytes" &&
               text_of(event.data, "line") == kReaderLink && text_of(event.data, "from") == "host";
      },
      kRecoveryWait);
  if (!spoken.ok()) return is_timeout(spoken.error()) ? Result<void>() : spoken.error();
  const auto ready = stage.wait_state({"idle", "place_card", "method"}, kRecoveryWait);
  if (!ready.ok() && !is_timeout(ready.error())) return ready.error();
  return {};
}

Result<bool> wait_for_link_virtually(Stage& stage, VirtualTime& time, Mark since) {
  constexpr milliseconds kStep{1'000};
  constexpr milliseconds kUnderWay{20};  // real: words that have been sent reach the bench
  for (milliseconds moved{0}; moved <= kRecoveryWait; moved += kStep) {
    const auto spoken = stage.wait_event(
        "the host end on the line", since,
        [](const Event& event) {
          return event.source == source::kNet && event.kind == "bytes" &&
                 text_of(event.data, "line") == kReaderLink && text_of(event.data, "from") == "host";
        },
        kUnderWay);
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
