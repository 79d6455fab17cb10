// An hour of failure in virtual time, for each thing outside that can fail: the link, the server, the smart
// card service. Afterwards a patient is served; nothing was started again but what had failed.
#include "link_stage.h"
#include "reference_session.h"
#include "virtual_time.h"
#include <functional>

namespace shogo::conformance {
namespace {

using Line = sim::World::Line;
constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr std::chrono::hours kHour{1};
/// The host agent asks for a lost pcscd every 300 ms; ten of its questions at a time are enough.
constexpr Nanoseconds kStep = std::chrono::seconds(3);

class LongFailure : public testing::Test {
 protected:
  ReferenceSession session{DeviceRequest{}};

  void SetUp() override { ASSERT_NE(session.dut, nullptr); }
  void fails_for_an_hour(const std::function<void()>& fail, const std::function<Result<void>()>& repair) {
    std::map<std::string, int> before;
    for (const std::string_view program : {kReader, kHostAgent, kFrontEnd})
      before[std::string(program)] = session.dut->processes().pid(program);
    Stage& stage = *session.stage;
    session.world().watch_lines(true);
    auto time = VirtualTime::begin(stage);
    ASSERT_TRUE(time.ok()) << time.error().describe();
    const Nanoseconds start = time->now();
    fail();
    const auto moved = time->advance(stage, kHour, kStep);
    ASSERT_TRUE(moved.ok()) << moved.error().describe();
    EXPECT_GE(time->now() - start, kHour);
    const auto repaired = repair();
    ASSERT_TRUE(repaired.ok()) << repaired.error().describe();
    // A minute of its own time is what a device may take (3-22).
    const auto rested = time->advance(stage, std::chrono::minutes(1));
    ASSERT_TRUE(rested.ok()) << rested.error().describe();
    ASSERT_TRUE(time->end(stage).ok());
    const auto idle = stage.wait_state({"idle"});
    ASSERT_TRUE(idle.ok()) << idle.error().describe();
    const Mark entered = stage.mark();
    const auto answered = enter_right_pin(stage, kWho);
    ASSERT_TRUE(answered.ok()) << answered.error().describe();
    const auto result = stage.wait_result(entered);
    ASSERT_TRUE(result.ok()) << result.error().describe();
    EXPECT_EQ(result->data.at("outcome"), "ok");
    for (const auto& [program, pid] : before)
      EXPECT_EQ(session.dut->processes().pid(program), pid) << program;
  }
};

TEST_F(LongFailure, an_hour_without_the_link) {
  fails_for_an_hour([&] { session.world().set_line(Line::kReaderLink, sim::LineFault::kSilent); },
                    [&] {
                      session.world().set_line(Line::kReaderLink, sim::LineFault::kNone);
                      return Result<void>();
                    });
}

TEST_F(LongFailure, an_hour_without_the_server) {
  fails_for_an_hour([&] { session.world().set_line(Line::kServer, sim::LineFault::kSilent); },
                    [&] {
                      session.world().set_line(Line::kServer, sim::LineFault::kNone);
                      return Result<void>();
                    });
}

TEST_F(LongFailure, an_hour_without_the_smart_card_service) {
  fails_for_an_hour([&] { session.world().crash_pcscd(); }, [&] { return session.world().restart_pcscd(); });
}

}  // namespace
}  // namespace shogo::conformance
