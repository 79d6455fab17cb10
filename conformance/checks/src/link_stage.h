// Moves that the checks of the reader link share (3-22, 1-20): quick heartbeats where the device lets itself
// be set, and the wait for a link that is whole again.
#pragma once

#include "virtual_time.h"
#include <set>
#include <string>

#include <shogo/conformance/stage.h>

namespace shogo::conformance {

/// Name of the line in the capture.
inline constexpr std::string_view kReaderLink = "reader_link";
/// 3-22.a: what a device may take from the return of the line to its idle screen (catalogue, recovery_max). A
/// wait that is a little longer, so that it is the judge who finds the device too slow.
constexpr milliseconds kRecoveryWait{63'000};

/// Asks for this heartbeat and for attempts every second, and returns the heartbeat that is now to be
/// expected: what the device's settings say, or the longest that 3-22.d allows. Kept as the note
/// "heartbeat_expected".
Result<milliseconds> quicken_link(Stage& stage, milliseconds wanted);
/// What quicken_link() found out, for an explanation.
[[nodiscard]] std::int64_t expected_beat_ms(const Transcript& transcript);

/// Until the host end has spoken again on the line and the device is ready for a patient. Not an error when
/// it takes longer than kRecoveryWait: that is the judge's to say. Where the device's time can be moved only
/// the first seconds of the wait are real: who is not back by then gets the rest of his minute in virtual
/// time.
Result<void> wait_for_link(Stage& stage, Mark since);
/// The same for an entry into one of these states.
Result<void> wait_recovered(Stage& stage, const std::set<std::string>& names, Mark since);

/// The same in virtual time, which it moves. False: it took longer than kRecoveryWait of the device's time.
Result<bool> wait_for_link_virtually(Stage& stage, VirtualTime& time, Mark since);

/// Did an error mean that something did not happen in time? A script goes on then; the judge will see.
[[nodiscard]] bool is_timeout(const Error& error);

}  // namespace shogo::conformance
