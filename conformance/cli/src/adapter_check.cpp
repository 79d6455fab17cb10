#include "adapter_check.h"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include <fmt/format.h>

#include <shogo/base/clock.h>
#include <shogo/base/json_reader.h>
#include <shogo/conformance/ui_tree.h>
#include <shogo/contract/device_protocol.h>
#include <shogo/contract/screen_change.h>

namespace shogo::conformance {
namespace {

namespace cap = contract::cap;
using Outcome = AdapterStep::Outcome;

constexpr milliseconds kWait{5'000};
constexpr milliseconds kResetWait{15'000};
constexpr std::size_t kShown = 160;

std::string shortened(const std::string& text) {
  return text.size() <= kShown ? text : text.substr(0, kShown) + "…";
}

/// Keeps the newest event of each kind.
class Newest {
 public:
  void take(const DeviceEvent& event) {
    const std::lock_guard lock(mutex_);
    events_[event.kind] = event;
    changed_.notify_all();
  }
  std::optional<DeviceEvent> wait_for(const std::string& kind) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kWait,
                      [&] { return events_.count(kind) + events_.count("connection_lost") > 0; });
    const auto found = events_.find(kind);
    return found == events_.end() ? std::nullopt : std::optional(found->second);
  }
  void forget(const std::string& kind) {
    const std::lock_guard lock(mutex_);
    events_.erase(kind);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, DeviceEvent> events_;
};

class AdapterCheck {
 public:
  explicit AdapterCheck(RpcDevice& device) : device_(device) {
    device_.on_event([this](const DeviceEvent& event) { seen_.take(event); });
  }
  ~AdapterCheck() { device_.on_event(nullptr); }

  std::vector<AdapterStep> run();

 private:
  using Judge = std::function<Result<void>(const json::value& answer)>;
  /// Notes how often in a row nothing came: after two requests without an answer the rest would only cost
  /// time.
  Result<json::value> call(std::string_view method, json::object params, milliseconds timeout);
  [[nodiscard]] bool gone() const { return unanswered_ >= 2 || !device_.connected(); }
  /// Sends one request and judges its answer.
  bool ask(std::string_view method, json::object params, std::string_view expected, const Judge& judge,
           milliseconds timeout = kWait);
  /// The same for a message behind a capability: not declared and UNIMPLEMENTED is honest.
  bool ask_optional(std::string_view capability, std::string_view method, json::object params,
                    std::string_view expected, const Judge& judge);
  void ask_nonsense(std::string_view method, json::object params, std::string_view expected,
                    std::initializer_list<Code> right);
  void look_for_state();
  void required_messages();
  void look_for_changes();
  void optional_messages();
  void add(AdapterStep step) { steps_.push_back(std::move(step)); }

  RpcDevice& device_;
  Newest seen_;
  std::vector<AdapterStep> steps_;
  Hello hello_;
  int unanswered_ = 0;
};

Result<void> expect_object(const json::value& answer) {
  if (answer.is_object()) return {};
  return Error{Code::kInvalid, "not an object"};
}

Result<json::value> AdapterCheck::call(std::string_view method, json::object params, milliseconds timeout) {
  auto answer = device_.call(method, std::move(params), timeout);
  unanswered_ = !answer && answer.error().code() == Code::kTimeout ? unanswered_ + 1 : 0;
  return answer;
}

bool AdapterCheck::ask(std::string_view method, json::object params, std::string_view expected,
                       const Judge& judge, milliseconds timeout) {
  if (gone()) return false;
  AdapterStep step;
  step.message = std::string(method);
  step.sent = shortened(json::serialize(params));
  step.expected = std::string(expected);
  const auto answer = call(method, std::move(params), timeout);
  if (!answer) {
    step.came = answer.error().describe();
  } else {
    step.came = shortened(json::serialize(*answer));
    const auto judged = judge(*answer);
    step.outcome = judged ? Outcome::kRight : Outcome::kWrong;
    if (!judged) step.came += " — " + judged.error().describe();
  }
  const bool right = step.outcome == Outcome::kRight;
  add(std::move(step));
  return right;
}

bool AdapterCheck::ask_optional(std::string_view capability, std::string_view method, json::object params,
                                std::string_view expected, const Judge& judge) {
  if (gone()) return false;
  if (hello_.capabilities.count(std::string(capability)) > 0) {
    const bool right = ask(method, std::move(params), expected, judge);
    if (!steps_.empty()) steps_.back().required = false;
    return right;
  }
  AdapterStep step;
  step.message = std::string(method);
  step.required = false;
  step.sent = shortened(json::serialize(params));
  step.expected = fmt::format("-32001 UNIMPLEMENTED, because hello does not declare {}", capability);
  const auto answer = call(method, std::move(params), kWait);
  const bool honest = !answer.ok() && answer.error().code() == Code::kUnsupported;
  step.outcome = honest ? Outcome::kAbsent : Outcome::kWrong;
  step.came = answer.ok() ? shortened(json::serialize(*answer)) : answer.error().describe();
  add(std::move(step));
  return false;
}

void AdapterCheck::ask_nonsense(std::string_view method, json::object params, std::string_view expected,
                                std::initializer_list<Code> right) {
  if (gone()) return;
  AdapterStep step;
  step.message = std::string(method);
  step.sent = shortened(json::serialize(params));
  step.expected = std::string(expected);
  const auto answer = call(method, std::move(params), kWait);
  if (answer.ok()) {
    step.came = "success: " + shortened(json::serialize(*answer));
  } else {
    step.came = answer.error().describe();
    for (const Code code : right)
      if (answer.error().code() == code) step.outcome = Outcome::kRight;
  }
  add(std::move(step));
}

void AdapterCheck::look_for_state() {
  if (gone()) return;
  AdapterStep step;
  step.message = "state";
  step.sent = "(nothing: reset leads to idle)";
  step.expected = "a notification {seq, t_dev, name, screen_id, lang, substate} with the name idle";
  const auto state = seen_.wait_for("state");
  if (state) {
    step.came = shortened(json::serialize(state->data));
    const json::value* name = state->data.if_contains("name");
    step.outcome = name != nullptr && *name == "idle" ? Outcome::kRight : Outcome::kWrong;
  } else {
    step.came = fmt::format("nothing within {} ms", kWait.count());
  }
  add(std::move(step));
}

void AdapterCheck::required_messages() {
  ask("ping", {{"t", 42}}, "{t: the same number, t_dev: nanoseconds}",
      [](const json::value& answer) -> Result<void> {
        SHOGO_TRY(const JsonObject object, JsonObject::of(answer, "answer"));
        SHOGO_TRY(const std::int64_t t, object.integer("t"));
        SHOGO_TRY([[maybe_unused]] const std::int64_t t_dev, object.integer("t_dev"));
        if (t != 42) return Error{Code::kInvalid, fmt::format("t is {}", t)};
        return {};
      });
  ask("reset", {{"level", "app"}}, "{} once the device shows idle again", expect_object, kResetWait);
  look_for_state();
  // Twice more, so that there are numbers of notifications to be compared.
  for (int i = 0; i < 2; ++i)
    ask("reset", {{"level", "app"}}, "{}, and seq counts on", expect_object, kResetWait);
  ask("begin_case", {{"case_id", "adapter-check"}, {"seed", 1}}, "{}", expect_object);
  ask("end_case", {}, "{}", expect_object);
  ask_nonsense("reset", {{"level", "sideways"}}, "an error: this level does not exist",
               {Code::kInvalid, Code::kUnsupported});
  ask_nonsense("no_such_message", {}, "-32601 or -32001: the method does not exist", {Code::kUnsupported});
  AdapterStep result;
  result.message = "result";
  result.outcome = Outcome::kUnseen;
  result.expected = "a notification once a transaction";
  result.came = "needs a transaction; shogo run will see it";
  add(std::move(result));
}

/// Subscribing again, as a harness that reads changes: whatever comes first must be whole.
void AdapterCheck::look_for_changes() {
  seen_.forget("frame");
  ask_optional(cap::kScreenFrames, "subscribe_frames", {{"max_fps", 10}, {"formats", {1, 2}}},
               "{width, height} and the current frame at once, whole, in format 1 or 2",
               [&](const json::value& answer) -> Result<void> {
                 SHOGO_CHECK_OK(JsonObject::of(answer, "answer"));
                 const auto frame = seen_.wait_for("frame");
                 if (!frame) return Error{Code::kTimeout, "no frame came"};
                 contract::ScreenDecoder decoder;
                 return decoder.take(*frame->payload, frame->data.at("seq").to_number<std::uint64_t>());
               });
}

void AdapterCheck::optional_messages() {
  seen_.forget("frame");
  const bool subscribed = ask_optional(
      cap::kScreenFrames, "subscribe_frames", {{"max_fps", 10}},
      "{width, height} and the current frame at once", [&](const json::value& answer) -> Result<void> {
        SHOGO_TRY(const JsonObject object, JsonObject::of(answer, "answer"));
        SHOGO_TRY(const std::int64_t width, object.integer("width"));
        SHOGO_TRY(const std::int64_t height, object.integer("height"));
        if (hello_.panel_width_px > 0 && (width != hello_.panel_width_px || height != hello_.panel_height_px))
          return Error{Code::kInvalid, fmt::format("hello declares a panel of {} x {}", hello_.panel_width_px,
                                                   hello_.panel_height_px)};
        return {};
      });
  if (subscribed) {
    AdapterStep step;
    step.message = "binary frame";
    step.required = false;
    step.sent = "(nothing: subscribe_frames announces it)";
    step.expected = "SHG1, channel 1, width, height, format 1, width x height x 3 bytes";
    const auto frame = seen_.wait_for("frame");
    if (frame) {
      const auto image = contract::parse_screen_payload(*frame->payload);
      step.outcome = image ? Outcome::kRight : Outcome::kWrong;
      step.came =
          image ? fmt::format("{} x {} pixels", image->width, image->height) : image.error().describe();
    } else {
      step.came = fmt::format("nothing within {} ms", kWait.count());
    }
    add(std::move(step));
  }
  if (subscribed) look_for_changes();
  ask_optional(
      cap::kScreenUi, "get_ui_tree", {}, "{state, screen_id, lang, nodes}, and frame: the last one sent",
      [&](const json::value& answer) -> Result<void> {
        SHOGO_TRY(const UiTree tree, parse_ui_tree(answer));
        const auto frame = seen_.wait_for("frame");
        if (!tree.frame || !frame) return {};
        const auto seq = frame->data.at("seq").to_number<std::uint64_t>();
        if (*tree.frame == seq) return {};
        return Error{Code::kInvalid,
                     fmt::format("\"frame\" is {}, the last frame that came is {}", *tree.frame, seq)};
      });
  ask_optional(cap::kAudio, "subscribe_audio", {{"rate", 16'000}}, "{rate: samples a second that will come}",
               [](const json::value& answer) -> Result<void> {
                 SHOGO_TRY(const JsonObject object, JsonObject::of(answer, "answer"));
                 SHOGO_TRY(const std::int64_t rate, object.integer("rate"));
                 if (rate < contract::kLeastSoundRate || rate > contract::kMostSoundRate)
                   return Error{Code::kInvalid,
                                fmt::format("rate is {}; {} to {} expected", rate, contract::kLeastSoundRate,
                                            contract::kMostSoundRate)};
                 return {};
               });
  for (const char* phase : {"down", "up"})
    ask_optional(cap::kInputTouch, "touch", {{"points", json::array{json::array{0, 0}}}, {"phase", phase}},
                 "{}", expect_object);
  for (const char* phase : {"down", "up"})
    ask_optional(cap::kInputKey, "key", {{"code", "0"}, {"phase", phase}}, "{}", expect_object);
  ask_optional(cap::kLogExport, "export_logs", {{"since", 0}}, "{channel: 2, seq, length} after the bytes",
               [&](const json::value& answer) -> Result<void> {
                 SHOGO_TRY(const JsonObject object, JsonObject::of(answer, "answer"));
                 SHOGO_TRY(const std::int64_t channel, object.integer("channel"));
                 SHOGO_TRY(const std::int64_t seq, object.integer("seq"));
                 SHOGO_TRY(const std::int64_t length, object.integer("length"));
                 const auto log = seen_.wait_for("log");
                 if (!log) return Error{Code::kInvalid, "no binary frame on channel 2 came"};
                 if (channel != 2 || log->data.at("seq").to_number<std::int64_t>() != seq ||
                     static_cast<std::int64_t>(log->payload->size()) != length)
                   return Error{Code::kInvalid, fmt::format("the frame that came has {} bytes and seq {}",
                                                            log->payload->size(),
                                                            log->data.at("seq").to_number<std::int64_t>())};
                 return {};
               });
  if (ask_optional(cap::kSettings, "get_settings", {}, "an object", expect_object)) {
    ask_nonsense("put_file", {{"kind", "settings"}, {"text", "{\"no_such_setting\": 1}"}},
                 "an error: unknown keys are refused", {Code::kInvalid, Code::kDenied, Code::kConflict});
    steps_.back().required = false;
  }
}

std::vector<AdapterStep> AdapterCheck::run() {
  json::object params{{"proto", contract::kProtocolVersion},
                      {"harness", {{"name", "shogo"}, {"version", "adapter check"}}},
                      {"bench", json::object{}}};
  const bool known = ask("hello", std::move(params),
                         "{proto: 1, caps, identity {model, serial, fw, engine, os, sbom_sha256}}",
                         [&](const json::value& answer) -> Result<void> {
                           SHOGO_TRY(hello_, parse_hello(answer));
                           return {};
                         });
  // Without hello nothing else means anything.
  if (!known) return std::move(steps_);
  required_messages();
  optional_messages();
  if (gone()) {
    AdapterStep step;
    step.message = "(the rest)";
    step.expected = "answers";
    step.came = device_.connected() ? "two requests in a row had no answer, so nothing more was asked"
                                    : device_.call("ping", {}, kWait).error().describe();
    add(std::move(step));
  }
  for (const std::string& line : device_.violations()) {
    AdapterStep step;
    step.message = "(protocol)";
    step.expected = "docs/device-protocol.md";
    step.came = line;
    add(std::move(step));
  }
  return std::move(steps_);
}

}  // namespace

std::vector<AdapterStep> check_adapter(RpcDevice& device) {
  return AdapterCheck(device).run();
}

}  // namespace shogo::conformance
