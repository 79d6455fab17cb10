#include "device_restart.h"

#include "card_trace.h"

#include <fmt/core.h>

#include <shogo/base/json_reader.h>

namespace shogo::conformance {
namespace {

constexpr milliseconds kLook{50};
constexpr milliseconds kReady{20'000};

}  // namespace

Result<void> restart_device(Stage& stage, const std::function<Result<void>()>& cause) {
  const auto begin = std::chrono::steady_clock::now();
  const auto took = [&] {
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
  };
  // An adapter that knows no such word lives beside its device and stays.
  (void)stage.device().call("expect_restart", {}, kAnswerWait);
  stage.note("restart");
  const Mark asked = stage.mark();
  SHOGO_CHECK_OK(cause());
  // It goes, or says that it is not idle for a while; who does neither has not restarted, and the judge will
  // see.
  (void)stage.wait_event(
      "the device's restart", asked,
      [](const Event& event) {
        return event.kind == "restarted" || (event.kind == "state" && text_of(event.data, "name") != "idle");
      },
      kAnswerWait);
  for (;;) {
    // Past the transcript: how often it had to be asked is no evidence. A device on its way out or in may not
    // answer, or with nothing.
    const auto answer = stage.device().call("get_ui_tree", {}, kReady);
    const Result<JsonObject> tree =
        answer.ok() ? JsonObject::of(*answer, "answer to get_ui_tree") : Result<JsonObject>(answer.error());
    const Result<std::string> state = tree.ok() ? tree->string("state") : Result<std::string>(tree.error());
    if (state.ok() && *state == "idle") break;
    if (took() > kReady)
      return Error{Code::kTimeout,
                   fmt::format("the device does not show idle {} ms after its restart, but {}",
                               took().count(), state.ok() ? *state : state.error().message())};
    SHOGO_CHECK_OK(stage.linger(kLook));
  }
  stage.record(source::kHarness, "restarted", {{"t_took_ms", took().count()}});
  return {};
}

}  // namespace shogo::conformance
