// A restart of the device in a script, with the wait until it shows its idle page again. An adapter that
// lives in the device goes and comes back; the connection to it takes care of that (docs/device-protocol.md,
// expect_restart).
#pragma once

#include <functional>

#include <shogo/conformance/stage.h>

namespace shogo::conformance {

/// `cause` restarts the device. Recorded: stimulus "restart", and (harness, "restarted", {t_took_ms}).
Result<void> restart_device(Stage& stage, const std::function<Result<void>()>& cause);

}  // namespace shogo::conformance
