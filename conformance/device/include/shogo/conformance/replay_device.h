// ReplayDevice: a recorded device. It answers each request with the recorded answer to the same method, in
// the recorded order, and shows the observer the recorded notifications in between. Nothing new can be learnt
// from it; what an evidence bundle says, it says again.
#pragma once

#include <memory>
#include <vector>

#include <shogo/conformance/device.h>
#include <shogo/conformance/transcript.h>

namespace shogo::conformance {

class ReplayDevice final : public Device {
 public:
  /// One transcript a case, in the order of the run. The first "hello" event in them becomes hello().
  [[nodiscard]] static Result<std::unique_ptr<ReplayDevice>> create(std::vector<Transcript> cases);

  [[nodiscard]] const Hello& hello() const override { return hello_; }
  /// kNotFound when the recording holds no further exchange of this method. The time-out plays no part.
  Result<boost::json::value> call(std::string_view method, boost::json::object params,
                                  std::chrono::milliseconds timeout) override;
  void on_event(std::function<void(const DeviceEvent&)> observer) override {
    observer_ = std::move(observer);
  }

 private:
  ReplayDevice(Hello hello, std::vector<Transcript> cases);
  struct Entry {
    const Event* event;
    const Transcript* of;
  };
  void show(const Entry& entry);

  Hello hello_;
  std::vector<Transcript> cases_;
  std::vector<Entry> entries_;
  std::size_t position_ = 0;
  std::function<void(const DeviceEvent&)> observer_;
};

}  // namespace shogo::conformance
