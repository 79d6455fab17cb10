// A device in memory whose answers a test scripts, and a bench around it without any world.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <shogo/conformance/dut.h>
#include <shogo/conformance/transcript.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {

class ScriptedDevice final : public Device {
 public:
  using Answer = std::function<Result<boost::json::value>(const boost::json::object& params)>;

  ScriptedDevice() {
    hello_.protocol = 1;
    hello_.model = "scripted";
    for (const char* method : {"reset", "begin_case", "end_case", "touch", "ping"})
      answers[method] = [](const boost::json::object&) { return boost::json::value(boost::json::object{}); };
  }

  const Hello& hello() const override { return hello_; }
  Result<boost::json::value> call(std::string_view method, boost::json::object params,
                                  std::chrono::milliseconds) override {
    calls.emplace_back(method);
    const auto found = answers.find(std::string(method));
    if (found == answers.end()) return Error{Code::kUnsupported, std::string(method) + ": UNIMPLEMENTED"};
    return found->second(params);
  }
  void on_event(std::function<void(const DeviceEvent&)> observer) override {
    const std::lock_guard lock(mutex_);
    observer_ = std::move(observer);
  }

  /// As the device's thread would.
  void emit(const DeviceEvent& event) {
    const std::lock_guard lock(mutex_);
    if (observer_) observer_(event);
  }
  void show(const char* state) { emit({"state", {{"name", state}}, nullptr}); }
  void show(const Image& image, std::uint64_t seq) {
    emit({"frame", {{"seq", seq}}, std::make_shared<const Bytes>(contract::encode_screen_payload(image))});
  }

  Hello hello_;
  std::map<std::string, Answer> answers;
  std::vector<std::string> calls;

 private:
  std::mutex mutex_;
  std::function<void(const DeviceEvent&)> observer_;
};

class ScriptedDut final : public DeviceUnderTest {
 public:
  ScriptedDevice& device() override { return device_; }
  sim::World* world() override { return nullptr; }
  Result<void> begin_case(std::string_view, std::uint64_t, Recorder& recorder) override {
    if (broken_world) return Error{Code::kUnavailable, "no pcscd"};
    recorder.record(source::kCard, "placed", {});
    return {};
  }
  void end_case() override { ++ended; }

  bool broken_world = false;
  int ended = 0;

 private:
  ScriptedDevice device_;
};

}  // namespace shogo::conformance
