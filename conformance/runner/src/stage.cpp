// Stage, the recording and the waiting. What a script does to the device is in stage_actions.cpp.
#include "stage_impl.h"
#include <cassert>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

// A device that floods the harness must not fill its memory.
constexpr std::size_t kMaxDeviceEvents = 50'000;

std::string joined(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " or ") + name;
  return text;
}

bool is_state_in(const Event& event, const std::set<std::string>& names) {
  if (event.kind != "state" || event.source != source::kDevice) return false;
  const json::value* name = event.data.if_contains("name");
  return name != nullptr && name->is_string() && names.count(std::string(name->get_string())) > 0;
}

std::string text_of(const json::object& data, std::string_view key) {
  const json::value* value = data.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

void Stage::Impl::add(std::string_view from, std::string_view kind, json::object data, std::string blob) {
  if (finished) return;
  Event event;
  event.t_ns = (clock.now() - start).count();
  event.source = std::string(from);
  event.kind = std::string(kind);
  event.data = std::move(data);
  event.blob = std::move(blob);
  if (from == source::kDevice && kind == "state") {
    last_state = event;
    last_activity = clock.now();
  }
  transcript.add(std::move(event));
  changed.notify_all();
}

Result<void> Stage::Impl::wait(std::unique_lock<std::mutex>& lock, milliseconds timeout,
                               std::string_view what, const std::function<bool()>& done) {
  const auto over = [&] { return done() || cancelled || lost.has_value(); };
  const Nanoseconds patience = std::clamp(left(), Nanoseconds{0}, Nanoseconds(timeout));
  clock.wait_for(lock, changed, patience, over);
  if (done()) return {};
  if (cancelled) return Error{Code::kCancelled, "the run was stopped"};
  if (lost) return Error{Code::kUnavailable, *lost};
  const std::string state = last_state ? text_of(last_state->data, "name") : "";
  const std::string shows = state.empty() ? "the device has shown no state" : "the device shows " + state;
  if (patience < Nanoseconds(timeout))
    return Error{Code::kTimeout, fmt::format("the check's time of {} s is over while waiting for {}; {}",
                                             setup.limit.count() / 1000, what, shows)};
  return Error{Code::kTimeout,
               fmt::format("waited {} ms for {}; it did not come; {}", timeout.count(), what, shows)};
}

Stage::Stage(const StageSetup& setup) : impl_(std::make_unique<Impl>(setup)) {
  assert(setup.clock != nullptr && setup.device != nullptr);
  if (!setup.state_before) return;
  // A device that is idle already sends no new state; scripts must still know where they begin.
  impl_->add(source::kHarness, "state_before", *setup.state_before);
  impl_->last_state = Event{0, std::string(source::kDevice), "state", *setup.state_before, ""};
}
Stage::~Stage() = default;

Device& Stage::device() {
  return *impl_->setup.device;
}
const Hello& Stage::hello() const {
  return impl_->setup.device->hello();
}
sim::World& Stage::world() {
  assert(impl_->setup.world != nullptr);
  return *impl_->setup.world;
}
Result<const EngineOffer*> Stage::engine() {
  if (impl_->setup.engine == nullptr)
    return Error{
        Code::kUnsupported,
        "needs the device's face matcher as a library, and pictures: shogo run --engine LIBRARY --faces DIR"};
  return impl_->setup.engine;
}

Result<HostSide*> Stage::host() {
  if (impl_->setup.host == nullptr)
    return Error{Code::kUnsupported,
                 "the device's host software runs outside the bench, which can neither stop nor start it"};
  return impl_->setup.host;
}
Rng& Stage::rng() {
  return impl_->rng;
}
const std::string& Stage::profile() const {
  return impl_->setup.profile;
}
int Stage::count(int quick, int full) const {
  return impl_->setup.profile == "quick" ? quick : full;
}

Mark Stage::mark() const {
  const std::lock_guard lock(impl_->mutex);
  return {impl_->transcript.events().size(), impl_->frames};
}

std::optional<Event> Stage::last_state() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->last_state;
}

Result<Event> Stage::wait_state(const std::set<std::string>& names, milliseconds timeout) {
  std::unique_lock lock(impl_->mutex);
  SHOGO_CHECK_OK(impl_->wait(lock, timeout, "the state " + joined(names),
                             [&] { return impl_->last_state && is_state_in(*impl_->last_state, names); }));
  return *impl_->last_state;
}

Result<Event> Stage::wait_state(const std::set<std::string>& names, Mark since, milliseconds timeout) {
  return wait_event(
      "the state " + joined(names), since, [&](const Event& event) { return is_state_in(event, names); },
      timeout);
}

Result<Event> Stage::wait_result(Mark since, milliseconds timeout) {
  return wait_event(
      "a result", since,
      [](const Event& event) { return event.kind == "result" && event.source == source::kDevice; }, timeout);
}

Result<Event> Stage::wait_event(std::string_view what, Mark since,
                                const std::function<bool(const Event&)>& wanted, milliseconds timeout) {
  std::unique_lock lock(impl_->mutex);
  std::size_t next = since.position;
  std::optional<Event> found;
  SHOGO_CHECK_OK(impl_->wait(lock, timeout, what, [&] {
    const std::vector<Event>& events = impl_->transcript.events();
    for (; !found && next < events.size(); ++next)
      if (wanted(events[next])) found = events[next];
    return found.has_value();
  }));
  return *std::move(found);
}

Result<void> Stage::linger(milliseconds duration) {
  std::unique_lock lock(impl_->mutex);
  const auto waited = impl_->wait(lock, duration, "the end of a pause", [] { return false; });
  // Here the time running out is what was asked for, unless it was the watchdog's.
  if (waited.error().code() == Code::kTimeout && impl_->left() > Nanoseconds{0}) return {};
  return waited.error();
}

void Stage::record(std::string_view from, std::string_view kind, json::object data) {
  const std::lock_guard lock(impl_->mutex);
  impl_->add(from, kind, std::move(data));
}

void Stage::record(std::string_view from, std::string_view kind, json::object data, std::string_view stem,
                   std::string_view extension, Bytes blob) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->finished) return;
  std::string name = impl_->transcript.keep(stem, extension, std::move(blob));
  impl_->add(from, kind, std::move(data), std::move(name));
}

void Stage::on_device_event(const DeviceEvent& event) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->finished) return;
  if (event.kind == "frame" || event.kind == "log") {
    const json::value* seq = event.data.if_contains("seq");
    const auto number = seq == nullptr ? std::uint64_t{0} : seq->to_number<std::uint64_t>();
    if (event.kind == "log") {
      impl_->logs[number] = event.payload;
    } else {
      const json::value* at = event.data.if_contains("t_dev_ns");
      impl_->receive({event.payload, number, (impl_->clock.now() - impl_->start).count(),
                      at == nullptr ? 0 : at->to_number<std::int64_t>()});
    }
    impl_->changed.notify_all();
    return;
  }
  // These two are the harness's words about the device.
  if (event.kind == "protocol_violation") {
    impl_->add(source::kHarness, event.kind, event.data);
    return;
  }
  if (event.kind == "connection_lost") {
    impl_->lost = text_of(event.data, "text");
    impl_->add(source::kHarness, event.kind, event.data);
    return;
  }
  if (++impl_->device_events == kMaxDeviceEvents)
    impl_->add(source::kHarness, "protocol_violation",
               {{"text", fmt::format("more than {} notifications in one case; the rest is dropped",
                                     kMaxDeviceEvents)}});
  if (impl_->device_events < kMaxDeviceEvents) impl_->add(source::kDevice, event.kind, event.data);
}

void Stage::cancel() {
  const std::lock_guard lock(impl_->mutex);
  impl_->cancelled = true;
  impl_->changed.notify_all();
}

Transcript Stage::finish() {
  const std::lock_guard lock(impl_->mutex);
  impl_->finished = true;
  return std::move(impl_->transcript);
}

}  // namespace shogo::conformance
