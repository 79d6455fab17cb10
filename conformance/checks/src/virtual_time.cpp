#include "virtual_time.h"

#include "card_trace.h"

#include <shogo/base/json_reader.h>

namespace shogo::conformance {
namespace {

/// Of real time. A day in steps of a second takes some ten of them.
constexpr milliseconds kAdvanceLimit{120'000};

}  // namespace

double moved_s(const Transcript& transcript, Span step, std::int64_t moment_ns) {
  double moved = 0;
  for (const Event* event : transcript.select(source::kHarness, "advance")) {
    if (event->t_ns < step.begin_ns || event->t_ns >= step.end_ns) continue;
    moved += static_cast<double>(integer_of(event->data, "ns", 0)) / 1e9;
    if (event->t_ns > moment_ns) break;
  }
  return moved;
}

Result<void> VirtualTime::call(Stage& stage, std::string_view method, boost::json::object params,
                               milliseconds limit) {
  // Not through Stage::call: the answer is a measured time, which evidence keeps apart.
  SHOGO_TRY(const boost::json::value answer, stage.device().call(method, params, limit));
  SHOGO_TRY(const JsonObject object, JsonObject::of(answer, "answer to " + std::string(method)));
  SHOGO_TRY(const std::int64_t now, object.integer("t_dev"));
  now_ = Nanoseconds(now);
  params["t_dev"] = now;
  stage.record(source::kHarness, method, std::move(params));
  return {};
}

Result<VirtualTime> VirtualTime::begin(Stage& stage) {
  VirtualTime time;
  SHOGO_CHECK_OK(time.call(stage, "clock_mode", {{"mode", "virtual"}}, kAnswerWait));
  return time;
}

Result<void> VirtualTime::end(Stage& stage) {
  return call(stage, "clock_mode", {{"mode", "real"}}, kAnswerWait);
}

Result<void> VirtualTime::advance(Stage& stage, Nanoseconds duration, Nanoseconds step) {
  boost::json::object params{{"ns", duration.count()}};
  if (step.count() > 0) params["step_ns"] = step.count();
  return call(stage, "advance", std::move(params), kAdvanceLimit);
}

}  // namespace shogo::conformance
