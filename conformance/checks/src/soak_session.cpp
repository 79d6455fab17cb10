#include "soak_session.h"

#include "card_trace.h"

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr milliseconds kCardDown{200};  // virtual: until the front end has looked twice
constexpr milliseconds kRealPatience{150};
constexpr milliseconds kMove{250};
/// Virtual: longer than any limit of a device that still lives.
constexpr milliseconds kGiveUp{60'000};

}  // namespace

Result<Event> SoakSessions::await(std::string_view what, Mark since,
                                  const std::function<bool(const Event&)>& wanted) {
  for (milliseconds moved{0};; moved += kMove) {
    auto event = stage_.wait_event(what, since, wanted, kRealPatience);
    if (event.ok() || event.error().code() != Code::kTimeout || moved >= kGiveUp) return event;
    SHOGO_CHECK_OK(time_.advance(stage_, kMove));
  }
}

Result<Event> SoakSessions::await_state(const std::set<std::string>& names, Mark since) {
  return await("a state", since, [&](const Event& event) {
    return event.source == source::kDevice && event.kind == "state" &&
           names.count(text_of(event.data, "name")) > 0;
  });
}

Result<std::string> SoakSessions::visit(const SoakFault& fault) {
  const Mark start = stage_.mark();
  SHOGO_CHECK_OK(stage_.ours(stage_.world().place_card(kWho, fault.card)));
  SHOGO_CHECK_OK(time_.advance(stage_, kCardDown));
  SHOGO_TRY(const Event shown, await_state({"method", "error"}, start));
  if (text_of(shown.data, "name") == "error") return std::string("card refused");
  const Mark chosen = stage_.mark();
  SHOGO_CHECK_OK(tap_pin_method(stage_));
  SHOGO_TRY(const Event page, await_state({"pin", "error", "result_ng"}, chosen));
  if (text_of(page.data, "name") != "pin") return std::string("card refused");
  if (!pad_) {
    SHOGO_TRY(pad_, PinPad::find(stage_));
  }
  const Mark typed = stage_.mark();
  SHOGO_CHECK_OK(pad_->type(stage_, stage_.world().pin_of(kWho)));
  if (const auto now = stage_.last_state(); now && text_of(now->data, "name") == "pin")
    SHOGO_CHECK_OK(pad_->done(stage_));
  SHOGO_TRY(const Event answer, await("an answer to the entry", typed, [](const Event& event) {
              const std::string name = text_of(event.data, "name");
              return event.source == source::kDevice &&
                     (event.kind == "result" || name == "result_ok" || name == "register_ask" ||
                      name.starts_with("consent_") || name == "result_ng" || name == "error");
            }));
  if (answer.kind == "result") return text_of(answer.data, "outcome");
  const std::string name = text_of(answer.data, "name");
  return std::string(name == "result_ng" || name == "error" ? "ng" : "ok");
}

Result<bool> SoakSessions::play(int n, const SoakFault& fault) {
  stage_.world().set_server(fault.server);
  stage_.note("step", {{"name", fmt::format("session_{}", n)}});
  auto outcome = visit(fault);
  stage_.world().set_server(sim::ServerFault::kNone);
  if (!outcome.ok() && outcome.error().code() != Code::kTimeout && outcome.error().code() != Code::kNotFound)
    return outcome.error();
  const Mark taken = stage_.mark();
  stage_.world().take_card();
  SHOGO_CHECK_OK(time_.advance(stage_, kCardDown));
  const auto state = stage_.last_state();
  bool idle = state && text_of(state->data, "name") == "idle";
  if (!idle) {
    const auto back = await_state({"idle"}, taken);
    if (!back.ok() && back.error().code() != Code::kTimeout) return back.error();
    idle = back.ok();
  }
  Nanoseconds cpu_time{0};
  for (const sim::Vitals& vitals : stage_.world().device_vitals()) cpu_time += vitals.cpu_time;
  stage_.record(source::kHarness, "session",
                {{"n", n},
                 {"fault", fault.name},
                 {"outcome", outcome.ok() ? *outcome : "none"},
                 {"idle", idle},
                 {"t_dev", time_.now().count()},
                 {"t_cpu_ns", cpu_time.count()}});
  return idle;
}

void SoakSessions::note_vitals(int n) {
  for (const sim::Vitals& vitals : stage_.world().device_vitals())
    stage_.record(source::kHarness, "vitals",
                  {{"n", n},
                   {"process", vitals.process},
                   {"t_dev", time_.now().count()},
                   {"t_memory_kb", vitals.memory_kb},
                   {"t_handles", vitals.handles}});
}

}  // namespace shogo::conformance
