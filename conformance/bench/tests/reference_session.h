// The reference reader in a world of its own, with a stage for a patient: what tests need that trouble its
// processes.
#pragma once

#include "journey.h"
#include <memory>

#include <gtest/gtest.h>

#include <shogo/conformance/open_device.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {

class ReferenceSession {
 public:
  explicit ReferenceSession(const DeviceRequest& request) {
    auto opened = open_reference(request);
    if (!opened.ok()) {
      ADD_FAILURE() << opened.error().describe();
      return;
    }
    dut = *std::move(opened);
    begin();
  }
  ~ReferenceSession() {
    if (dut) dut->device().on_event(nullptr);
    if (dut) dut->end_case();
  }
  ReferenceSession(const ReferenceSession&) = delete;
  ReferenceSession& operator=(const ReferenceSession&) = delete;

  /// A stage on the present connection; again after the reader itself was started again.
  void begin() {
    StageSetup setup;
    setup.clause = "test";
    setup.clock = &clock_;
    setup.device = &dut->device();
    setup.world = dut->world();
    setup.host = dut->host();
    setup.limit = std::chrono::minutes(30);
    auto fresh = std::make_shared<Stage>(setup);
    dut->device().on_event([fresh](const DeviceEvent& event) { fresh->on_device_event(event); });
    if (stage) dut->end_case();
    const auto begun = dut->begin_case("test", 1, *fresh);
    EXPECT_TRUE(begun.ok()) << (begun.ok() ? "" : begun.error().describe());
    stage = fresh;
  }
  [[nodiscard]] sim::World& world() const { return *dut->world(); }

  std::unique_ptr<ReferenceUnderTest> dut;
  std::shared_ptr<Stage> stage;

 private:
  RealClock clock_;
};

}  // namespace shogo::conformance
